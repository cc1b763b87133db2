import { readDeliveryId } from "./delivery-id.ts";
import { readItems, readString } from "./items.ts";
import { type Manifest, readManifestOf } from "./manifest.ts";
import { ANYBODY, readSeal, readWindow, type Stop } from "./stop.ts";

/**
 * The payload of a manifest from before stops said who may take them, when a stop was `[sub, label, window, salt,
 * sealed]`. For a phone that took its app's new version in the middle of a route, and for nothing that is offered to
 * it: format 1 has one shape of a stop. The label of that time is the address.
 *
 * @throws {Refusal} `malformed`, step `payload`
 */
export function readEarlierManifest(payload: Uint8Array): Manifest {
  return readManifestOf(payload, readEarlierStop);
}

const EARLIER_LABEL = /^(?!\ufeff)\P{Cc}{0,200}$/u;

function readEarlierStop(value: unknown): Stop {
  const [sub, label, window, salt, sealed] = readItems(value, 5);
  return {
    deliveryId: readDeliveryId(sub),
    label: { name: null, address: label === null ? null : readString(label, EARLIER_LABEL), hint: null },
    named: null,
    window: readWindow(window),
    parcels: [],
    call: null,
    asks: 0,
    takers: ANYBODY,
    ...readSeal(salt, sealed),
  };
}

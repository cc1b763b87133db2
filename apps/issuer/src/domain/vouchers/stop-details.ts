import type { Ask, TakenBy } from "@doorproof/api/lists";
import type { Stop, StopLabel } from "@doorproof/voucher";
import {
  ANYBODY,
  ASK_BITS,
  CALL,
  MAX_LABEL,
  MAX_STOP_PARCELS,
  PARCEL,
  TAKER_BITS,
  utf8Length,
  writeBits,
} from "@doorproof/voucher/codec";
import { decrypt, detailsRow, encrypt, labelRow, tryDecrypt } from "../encryption.ts";
import type { Fault } from "../errors.ts";
import type { Surroundings } from "../ports.ts";
import type { DeliveryRow } from "./rows.ts";

/** What of a delivery is its driver's to know, as it is asked for. */
export interface StopRequest {
  /** What the driver reads; at most 400 bytes in the three together. */
  readonly label?: { readonly [Part in keyof StopLabel]?: string | undefined };
  /** What the labels of its parcels say; at most 32. */
  readonly parcels?: readonly string[];
  /** Whom the driver calls, `tel:` and E.164: not the delivery's own number. */
  readonly call?: string;
  /** Nothing, when left out. */
  readonly asks?: readonly Ask[];
  /** Everybody who can take one, when left out. */
  readonly takers?: readonly TakenBy[];
}

/** What a manifest says of a delivery beside its ID, its window and its seal. */
export type StopDetails = Pick<Stop, "label" | "named" | "parcels" | "call" | "asks" | "takers">;

/** @param phone the delivery's own, E.164 */
export function checkStop(
  { label, parcels = [], call, takers }: { readonly [Name in keyof StopRequest]?: StopRequest[Name] | undefined },
  phone: string | undefined,
): readonly Fault[] {
  const faults: Fault[] = [];
  const add = (pointer: string, code: string, detail: string) => faults.push({ pointer, code, detail });
  const texts = Object.values(label ?? {});
  if (texts.reduce((bytes, text) => bytes + utf8Length(text ?? ""), 0) > MAX_LABEL)
    add("/label", "label", `a label has at most ${MAX_LABEL} bytes in all`);
  if (parcels.length > MAX_STOP_PARCELS)
    add("/parcels", "parcels", `a delivery has at most ${MAX_STOP_PARCELS} parcels`);
  for (const [at, parcel] of parcels.entries())
    if (!PARCEL.test(parcel)) add(`/parcels/${at}`, "parcels", "a parcel is 1 to 64 visible ASCII characters");
  if (call !== undefined && !CALL.test(call))
    add("/call", "call", "a number to call is tel: and the number with +, as tel:+442079460000");
  // The manifest lies on phones in the clear, and no recipient's number may.
  if (call !== undefined && call === `tel:${phone}`) faults.push(callIsRecipient("/call"));
  if (takers?.length === 0) add("/takers", "takers", "somebody has to be able to take it");
  return faults;
}

export function callIsRecipient(pointer: string): Fault {
  const detail = "the number to call is the recipient's own: give a relay's or the dispatcher's";
  return { pointer, code: "call-is-recipient", detail };
}

/**
 * Of what is asked for at a stop, what makes another delivery of it: who may take it, what is asked, whom to call and
 * what it consists of. A label is no claim: its wording may differ. Nothing, where nothing of this was asked for, so
 * that a request of the days before is still known for the same.
 */
export function claimsOf({ parcels = [], call, asks = [], takers }: StopRequest): readonly string[] {
  return writeClaims({ parcels, call: call ?? null, asks: writeBits(asks, ASK_BITS), takers: takersOf(takers) });
}

/** The same of what is kept; null: no DATA_SECRET opens it. */
export function claimsKept(
  deps: Pick<Surroundings, "secrets">,
  { id, sealedDetails, asks, takers }: Pick<DeliveryRow, "id" | "sealedDetails" | "asks" | "takers">,
): readonly string[] | null {
  if (sealedDetails === null) return writeClaims({ parcels: [], call: null, asks, takers });
  const opened = tryDecrypt(deps, detailsRow(id), sealedDetails);
  return opened && writeClaims({ ...(JSON.parse(opened.text) as Hidden), asks, takers });
}

function writeClaims({
  parcels,
  call,
  asks,
  takers,
}: Pick<Hidden, "parcels" | "call"> & { readonly asks: number; readonly takers: number }): readonly string[] {
  const isPlain = parcels.length === 0 && call === null && asks === 0 && takers === ANYBODY;
  return isPlain ? [] : [JSON.stringify([parcels, call, asks, takers])];
}

/** The columns that hold it; what is about a person is encrypted. */
export function sealStop(
  deps: Pick<Surroundings, "secrets" | "random">,
  deliveryId: string,
  { label = {}, parcels = [], asks = [], takers, ...rest }: StopRequest,
): Pick<DeliveryRow, "sealedLabel" | "sealedDetails" | "parcels" | "asks" | "takers"> {
  const { name = null, address, hint = null } = label;
  const call = rest.call ?? null;
  const details: Hidden = { name, hint, named: null, parcels, call };
  const isEmpty = name === null && hint === null && call === null && parcels.length === 0;
  return {
    sealedLabel: address === undefined ? null : encrypt(deps, labelRow(deliveryId), address),
    sealedDetails: isEmpty ? null : encrypt(deps, detailsRow(deliveryId), JSON.stringify(details)),
    parcels: parcels.length,
    asks: writeBits(asks, ASK_BITS),
    takers: takersOf(takers),
  };
}

/** @throws {Error} altered, or encrypted under a DATA_SECRET that is gone */
export function openStop(
  deps: Pick<Surroundings, "secrets">,
  deliveryId: string,
  { sealedLabel, sealedDetails, asks, takers }: Pick<DeliveryRow, "sealedLabel" | "sealedDetails" | "asks" | "takers">,
): StopDetails {
  const address = sealedLabel === null ? null : decrypt(deps, labelRow(deliveryId), sealedLabel);
  const { name, hint, named, parcels, call } =
    sealedDetails === null ? NOTHING : (JSON.parse(decrypt(deps, detailsRow(deliveryId), sealedDetails)) as Hidden);
  return { label: { name, address, hint }, named, parcels, call, asks, takers };
}

/** Kept in one field: no query asks for a part of it. The address has a field of its own, from the days before. */
interface Hidden {
  readonly name: string | null;
  readonly hint: string | null;
  readonly named: string | null;
  readonly parcels: readonly string[];
  readonly call: string | null;
}

const NOTHING: Hidden = { name: null, hint: null, named: null, parcels: [], call: null };

function takersOf(takers: readonly TakenBy[] | undefined): number {
  return takers === undefined ? ANYBODY : writeBits(takers, TAKER_BITS);
}

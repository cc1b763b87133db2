import { scrypt } from "node:crypto";
import { openManifest, openShortCode, type Scrypt } from "@doorproof/verifier";
import type { Manifest } from "@doorproof/voucher";
import { enrolDevice } from "../src/domain/access/enrol.ts";
import { makeEnrolment } from "../src/domain/access/open-enrolment.ts";
import { fetchManifest } from "../src/domain/dispatch/manifest.ts";
import { sealWaiting } from "../src/domain/dispatch/sealing.ts";
import { type RouteView, showRoute } from "../src/domain/dispatch/show-route.ts";
import { putStops } from "../src/domain/dispatch/stops.ts";
import type { Actor } from "../src/domain/ports.ts";
import type { VoucherView } from "../src/domain/vouchers/show.ts";
import type { StoreDeps as Deps } from "../src/store/store.ts";
import { BACK_OFFICE, issueOne, order } from "./world.ts";

/** A driver's phone, as far as manifests go: it takes what the verifier takes, and says what it has. */
export interface Phone {
  readonly id: string;
  readonly token: string;
  readonly route: string;
  readonly actor: Actor;
  /** What it holds; null: nothing yet. */
  manifest: Manifest | null;
  document: Uint8Array | null;
}

export async function enrolPhone(deps: Deps, route: string): Promise<Phone> {
  const { link } = await makeEnrolment(deps, { name: route }, BACK_OFFICE);
  const { deviceToken, deviceId } = await enrolDevice(deps, tokenIn(link));
  const actor = { kind: "device", id: deviceId } as const;
  return { id: deviceId, token: deviceToken, route, actor, manifest: null, document: null };
}

export function tokenIn(link: string): string {
  return link.slice(link.indexOf("#") + 1);
}

/**
 * One fetch.
 * @param lost the answer never arrives
 * @returns whether a new document came
 */
export async function fetchOnce(deps: Deps, phone: Phone, { lost = false } = {}): Promise<boolean> {
  const has = phone.manifest ? [phone.manifest.version] : [];
  const { document } = await fetchManifest(deps, { deviceId: phone.id, route: phone.route, has });
  if (document === null || lost) return false;
  const { manifest: before, document: bytes } = phone;
  const held = before && bytes ? { version: before.version, document: bytes } : null;
  phone.manifest = openManifest(document, { keys: deps.keyring.keys, route: phone.route, held: () => held });
  phone.document = document;
  return true;
}

/** Until it has what there is, and has said so. */
export async function sync(deps: Deps, phone: Phone): Promise<readonly string[]> {
  await fetchOnce(deps, phone);
  await fetchOnce(deps, phone);
  return heldBy(phone);
}

export function heldBy({ manifest }: Phone): readonly string[] {
  return manifest?.stops.map(({ deliveryId }) => deliveryId) ?? [];
}

/** @returns how often the KDF ran */
export function seal(deps: Deps): Promise<number> {
  return sealWaiting(deps, { isOver: () => false });
}

export async function issueAll(deps: Deps, deliveries: readonly string[]): Promise<VoucherView[]> {
  const views: VoucherView[] = [];
  for (const deliveryId of deliveries)
    views.push((await issueOne(deps, order(deliveryId, { sms: false }), BACK_OFFICE)).view);
  return views;
}

export async function put(
  deps: Deps,
  route: string,
  stops: readonly string[],
  { force = false }: { force?: boolean } = {},
) {
  return putStops(deps, route, { stops, force }, BACK_OFFICE);
}

/** A route's stops as `delivery state`. */
export async function statesOf(deps: Deps, route: string): Promise<string[]> {
  return stateLines(await showRoute(deps, route));
}

export function stateLines({ stops }: Pick<RouteView, "stops">): string[] {
  return stops.map(({ deliveryId, state, waitsFor }) => `${deliveryId} ${state}${waitsFor ? ` for ${waitsFor}` : ""}`);
}

/** What a device makes of a typed code. */
export function open(phone: Phone, deliveryId: string, code: string | null): Promise<string> {
  const stop = phone.manifest?.stops.find((one) => one.deliveryId === deliveryId);
  if (!stop || !phone.manifest) throw new Error("the stop is not on the manifest");
  return openShortCode(code, { stop, logN: phone.manifest.logN, scrypt: nodeScrypt });
}

const nodeScrypt: Scrypt = ({ password, salt, N }) =>
  new Promise((resolve, reject) => {
    const cost = { N, r: 8, p: 1, maxmem: 2048 * N };
    scrypt(password, salt, 32, cost, (error, key) => (error ? reject(error) : resolve(new Uint8Array(key))));
  });

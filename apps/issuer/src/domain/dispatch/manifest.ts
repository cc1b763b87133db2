import { createHash } from "node:crypto";
import { type SigningKey, signManifest } from "@doorproof/signer";
import type { Manifest, Stop } from "@doorproof/voucher";
import { LOG_N, packEntries, writeManifest } from "@doorproof/voucher/codec";
import { labelRow, mac, unseal } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import type { Deps } from "../ports.ts";
import type { DeviceRow, RouteRow, RouteStop, RouteVoucher, Rows } from "../store.ts";

/** Seconds for which a manifest holds. With half of them left it is renewed, so that whoever fetches in the morning has a shift before them. */
const LIFE = 24 * 3600;
const RENEWED_BEFORE = LIFE / 2;
/** Seconds for which it is known what a device held: records may come late. */
const KEPT = 30 * 86_400;

/** What became of a stop on its way to the manifest (docs/format.md section 4). Times are seconds since 1970. */
export interface StopState {
  readonly deliveryId: string;
  /**
   * `on` the manifest; `waiting` until no other route's device can hold it; `sealing`, for a second or two; `no-voucher` that could be sealed:
   * reissue it. Delivered and cancelled ones are left out.
   */
  readonly state: "on" | "waiting" | "sealing" | "no-voucher" | "delivered" | "cancelled";
  /** The route whose device may hold it longest, and until when. */
  readonly waitsFor?: string;
  readonly until?: number;
}

/**
 * The manifest of a route, for its device. Nothing here runs a KDF: seals are made beforehand and copied, and with nothing changed the same
 * bytes are made again.
 *
 * @param has the versions that the device says it has
 * @returns document null: it has this version
 * @throws {IssueError} `device-unknown`, `foreign-route`, `no-signing-key`
 */
export async function fetchManifest(
  deps: Deps,
  { deviceId, route, has }: { deviceId: string; route: string; has: readonly number[] },
): Promise<{ version: number; document: Uint8Array | null }> {
  const now = deps.now();
  return deps.store.transaction(async (rows) => {
    const device = await rows.findDevice(deviceId);
    if (!device || device.revokedAt !== null) throw new IssueError("device-unknown", "this device is not enrolled");
    if (device.route !== route) throw new IssueError("foreign-route", "this device is enrolled for another route");
    const heldVersion = confirmed(device, has);
    const { manifest, key } = await renewManifest(rows, deps, { name: route, now, above: Math.max(0, ...has) });
    const { version, expiresAt, stops } = manifest;
    const seen = { lastSeenAt: now, heldVersion };
    if (has.includes(version) && device.servedVersion >= version) {
      await rows.setDevice(deviceId, seen);
      return { version, document: null };
    }
    // Written before it goes out: what may have arrived counts as held until the device says what it has.
    await rows.setDevice(deviceId, { ...seen, servedVersion: version });
    await rows.putCarries(
      stops.map(({ deliveryId }) => ({ deviceId, deliveryId, fromVersion: version, version, until: expiresAt })),
    );
    await rows.forgetCarries(now - KEPT);
    return { version, document: await signManifest(manifest, { key }) };
  });
}

/**
 * An answer that was sent is not one that arrived: a stop has left a device when that names a version without it. What it cannot have been
 * handed is not listened to.
 */
function confirmed({ heldVersion, servedVersion }: DeviceRow, has: readonly number[]): number {
  return Math.max(heldVersion, ...has.filter((version) => version <= servedVersion));
}

/**
 * The manifest as it is now: the one signed last if it would say the same and has long to live, else the next version.
 * @param above a version that is out there already, as after the database came back from a backup: never gone below. Ahead of the clock it is not
 * believed, or one device could use all numbers up
 */
export async function renewManifest(
  rows: Rows,
  deps: Deps,
  { name, now, above = 0 }: { name: string; now: number; above?: number },
): Promise<{ manifest: Manifest; key: SigningKey; states: readonly StopState[] }> {
  const route = await rows.findRoute(name);
  if (!route) throw new IssueError("route-unknown", "there is no such route");
  const { key } = deps.keyring.documentKey({ now });
  const { content, states } = await planManifest(rows, deps, { route, now });
  const contentMac = macOf(deps, content, key);
  const outlived = route.expiresAt - now < RENEWED_BEFORE || (above > route.version && above < now);
  if (route.contentMac === contentMac && !outlived) {
    const { version, issuedAt, expiresAt } = route;
    return { manifest: { ...content, version, issuedAt, expiresAt }, key, states };
  }
  // The clock's, so that versions go on growing whatever becomes of the database.
  const signed = { version: Math.max(now, route.version + 1), issuedAt: now, expiresAt: now + LIFE };
  await rows.setRoute(name, { ...signed, contentMac });
  return { manifest: { ...content, ...signed }, key, states };
}

type Content = Omit<Manifest, "version" | "issuedAt" | "expiresAt">;

/** What the manifest would say now, and of each stop of the route why it is or is not there. */
export async function planManifest(
  rows: Rows,
  deps: Deps,
  { route, now }: { route: RouteRow; now: number },
): Promise<{ content: Content; states: readonly StopState[] }> {
  const { name, callingCode } = route;
  const stops = await rows.stopsOf(name);
  const vouchers = Map.groupBy(await rows.vouchersOfRoute(name), ({ deliveryId }) => deliveryId);
  const elsewhere = new Map((await rows.carriedElsewhere({ route: name, now })).map((one) => [one.deliveryId, one]));
  const placed = stops.map((stop) => {
    const own = vouchers.get(stop.deliveryId) ?? [];
    // The new voucher's seal takes a moment. Until then the stop stays with the old one's: the new QR is good already, the old one revoked.
    const sealed = own.findLast(isSealed);
    const state = stateOf(stop, {
      own,
      sealed,
      carried: stop.forced ? undefined : elsewhere.get(stop.deliveryId),
      now,
    });
    return { stop, own, sealed, state };
  });
  const on = placed.filter(({ state }) => state.state === "on");
  const content = {
    issuer: deps.keyring.issuer,
    route: name,
    country: callingCode,
    logN: LOG_N.min,
    stops: on.flatMap(({ stop, sealed }) => (sealed ? [writeStop(deps, stop, sealed)] : [])),
    revoked: packEntries(
      on.flatMap(({ own }) => own.filter((voucher) => isWithdrawn(voucher, now)).map(({ cti }) => fromHex(cti))),
      CTI_LENGTH,
    ),
  };
  return { content, states: placed.map(({ state }) => state) };
}

type Sealed = RouteVoucher & { readonly salt: string; readonly sealed: string };

function isSealed(voucher: RouteVoucher): voucher is Sealed {
  return voucher.salt !== null && voucher.sealed !== null;
}

function stateOf(
  { deliveryId, state }: RouteStop,
  {
    own,
    sealed,
    carried,
    now,
  }: {
    own: readonly RouteVoucher[];
    sealed: Sealed | undefined;
    carried: { route: string; until: number } | undefined;
    now: number;
  },
): StopState {
  if (state !== "open") return { deliveryId, state };
  if (carried) return { deliveryId, state: "waiting", waitsFor: carried.route, until: carried.until };
  if (sealed) return { deliveryId, state: "on" };
  const lives = own.some(({ status, expiresAt }) => status === "live" && expiresAt > now);
  return { deliveryId, state: lives ? "sealing" : "no-voucher" };
}

// Refused by itself once it has expired: then it need not be listed.
function isWithdrawn({ status, expiresAt }: RouteVoucher, now: number): boolean {
  return status !== "live" && expiresAt > now;
}

const CTI_LENGTH = 8;

function writeStop(deps: Deps, { deliveryId, sealedLabel, windowFrom, windowTo }: RouteStop, sealed: Sealed): Stop {
  const label = sealedLabel === null ? null : unseal(deps, labelRow(deliveryId), sealedLabel);
  return {
    deliveryId,
    // One control character, or a byte order mark at the beginning, and every device would refuse the whole route.
    label: label?.replace(/^\ufeff+/, "").replace(/\p{Cc}/gu, " ") ?? null,
    window: windowFrom === null || windowTo === null ? null : { from: windowFrom, to: windowTo },
    salt: fromBase64(sealed.salt),
    sealed: fromBase64(sealed.sealed),
  };
}

function macOf(deps: Deps, content: Content, key: SigningKey): string {
  const payload = writeManifest({ ...content, version: 0, issuedAt: 0, expiresAt: 0 });
  const kid = Buffer.from(key.kid).toString("hex");
  return mac(deps, "manifest", [kid, createHash("sha256").update(payload).digest("hex")]);
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "base64url"));
}

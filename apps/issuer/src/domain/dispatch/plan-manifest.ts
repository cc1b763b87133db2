import type { Manifest } from "@doorproof/voucher";
import { fromHex, LOG_N, MAX_REVOKED, packEntries } from "@doorproof/voucher/codec";
import type { DispatchDeps, DispatchReach, RouteRow, RouteStop, RouteVoucher } from "./rows.ts";
import { writeStop } from "./write-stop.ts";

/** What became of a stop on its way to the manifest (docs/format.md section 4). Times are seconds since 1970. */
export interface StopState {
  readonly deliveryId: string;
  /**
   * `on` the manifest; `waiting` until no other route's device can hold it; `sealing`, for a second or two;
   * `no-voucher` that could be sealed: reissue it. Delivered and cancelled ones are left out.
   */
  readonly state: "on" | "waiting" | "sealing" | "no-voucher" | "delivered" | "cancelled";
  /** The route whose device may hold it longest, and until when. */
  readonly waitsFor?: string;
  readonly until?: number;
}

/** What a manifest says, whenever it is signed. */
export type Content = Omit<Manifest, "version" | "issuedAt" | "expiresAt">;

/**
 * What the manifest would say now, and of each stop of the route why it is or is not there.
 * @returns vouchers: the IDs of those that live and whose stop is on it, whose QR a device with it accepts
 */
export async function planManifest(
  rows: DispatchReach,
  deps: DispatchDeps,
  { route, now }: { route: RouteRow; now: number },
): Promise<{ content: Content; vouchers: readonly string[]; states: readonly StopState[] }> {
  const { name, callingCode } = route;
  const stops = await rows.stopsOf(name);
  const vouchers = Map.groupBy(await rows.vouchersOfRoute(name), ({ deliveryId }) => deliveryId);
  const elsewhere = new Map((await rows.carriedElsewhere({ route: name, now })).map((one) => [one.deliveryId, one]));
  const placed = stops.map((stop) => {
    const own = vouchers.get(stop.deliveryId) ?? [];
    // Sealing the new voucher takes a second or two. Until then the old one's seal stays on the manifest: the new QR is
    // accepted already, the old one is revoked.
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
      // Those of over a bound that could not be refused are left to the revocation list: the ones that expire first.
      on
        .flatMap(({ own }) => own.filter((voucher) => isWithdrawn(voucher, now)))
        .sort((a, b) => b.expiresAt - a.expiresAt || (a.cti < b.cti ? -1 : 1))
        .slice(0, MAX_REVOKED)
        .map(({ cti }) => fromHex(cti)),
      CTI_LENGTH,
    ),
  };
  const carried = on.flatMap(({ own }) => own.filter((voucher) => lives(voucher, now)).map(({ id }) => id));
  return { content, vouchers: carried, states: placed.map(({ state }) => state) };
}

export type Sealed = RouteVoucher & { readonly salt: string; readonly sealed: string };

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
  return { deliveryId, state: own.some((voucher) => lives(voucher, now)) ? "sealing" : "no-voucher" };
}

function lives({ status, expiresAt }: RouteVoucher, now: number): boolean {
  return status === "live" && expiresAt > now;
}

// An expired voucher is refused anyway and need not be listed.
export function isWithdrawn({ status, expiresAt }: RouteVoucher, now: number): boolean {
  return status !== "live" && expiresAt > now;
}

const CTI_LENGTH = 8;

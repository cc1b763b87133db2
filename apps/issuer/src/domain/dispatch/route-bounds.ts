import { MAX_PARCELS, MAX_REVOKED, MAX_STOPS } from "@doorproof/voucher/codec";
import { IssueError } from "../errors.ts";
import { isWithdrawn } from "./plan-manifest.ts";
import type { DispatchReach, RouteStop } from "./rows.ts";

/**
 * Refuses what no manifest of the route could hold, and no device would take (docs/format.md section 4).
 * @param stops of the route, as they are to be
 * @throws {IssueError} `invalid-delivery`: `route-full`
 */
export function refuseFull(stops: readonly Pick<RouteStop, "state" | "parcels">[], pointer: string): void {
  const open = stops.filter(({ state }) => state === "open");
  const parcels = open.reduce((sum, stop) => sum + stop.parcels, 0);
  if (open.length > MAX_STOPS) throw full(pointer, `a route has at most ${MAX_STOPS} stops`);
  if (parcels > MAX_PARCELS)
    throw full(pointer, `a route has at most ${MAX_PARCELS} parcels, and would have ${parcels}`);
}

/**
 * Refuses one more withdrawn voucher than a manifest names. What has to be withdrawn is never refused: the revocation
 * list holds it as well.
 * @param more how many there are to be
 * @throws {IssueError} `invalid-delivery`: `route-full`
 */
export async function refuseFullOfWithdrawn(
  rows: DispatchReach,
  { route, pointer, now, more }: { route: string; pointer: string; now: number; more: number },
): Promise<void> {
  const open = new Set((await rows.stopsOf(route)).flatMap((stop) => (stop.state === "open" ? [stop.deliveryId] : [])));
  const withdrawn = (await rows.vouchersOfRoute(route)).filter(
    (one) => open.has(one.deliveryId) && isWithdrawn(one, now),
  );
  if (withdrawn.length + more > MAX_REVOKED)
    throw full(
      pointer,
      `the vouchers of a route's stops were issued again ${MAX_REVOKED} times: wait until some expire`,
    );
}

/**
 * Refuses a reissue whose former voucher the manifest of its route could not name.
 * @param voucherId any of the delivery
 * @throws {IssueError} `invalid-delivery`: `route-full`
 */
export async function checkReissue(rows: DispatchReach, voucherId: string, now: number): Promise<void> {
  const voucher = await rows.findVoucher(voucherId);
  const stop = voucher && (await rows.findStop(voucher.deliveryId));
  if (!stop || stop.route === null) return;
  await refuseFullOfWithdrawn(rows, { route: stop.route, pointer: "", now, more: 1 });
}

function full(pointer: string, detail: string): IssueError {
  return new IssueError("invalid-delivery", "the route is full", [{ pointer, code: "route-full", detail }]);
}

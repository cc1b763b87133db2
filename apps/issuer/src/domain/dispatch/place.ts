import { type Act, append } from "../audit/index.ts";
import type { Policy } from "../ports.ts";
import { refuseFull } from "./route-bounds.ts";
import { openRoute } from "./routes.ts";
import type { DispatchReach } from "./rows.ts";

/**
 * Puts a delivery at the end of a route, as its voucher is issued.
 * @param phone E.164: says where a new route runs, if nothing else does
 * @throws {IssueError} `invalid-delivery`: the route is full, or new and without a country
 */
export async function addStop(
  rows: DispatchReach,
  { deliveryId, route: name, country, phone }: { deliveryId: string; route: string; country?: string; phone: string },
  { policy, act }: { policy: Policy; act: Act },
): Promise<void> {
  await openRoute(rows, policy, { name, phone, ...(country === undefined ? {} : { country }) });
  const stops = await rows.stopsOf(name);
  await place(rows, { deliveryId, route: name, position: (stops.at(-1)?.position ?? -1) + 1, act });
  const delivery = await rows.findDelivery(deliveryId);
  refuseFull(delivery ? [...stops, delivery] : stops, "/route");
}

/** Puts a delivery at its place on a route; from where it stood before it is gone. */
export async function place(
  rows: DispatchReach,
  { deliveryId, route, position, act }: { deliveryId: string; route: string; position: number; act: Act },
): Promise<void> {
  const before = (await rows.findStop(deliveryId)) ?? { route: null, forced: false, windowFrom: null, windowTo: null };
  const stays = before.route === route;
  // A forced move stays forced when its route is written again.
  await rows.putStop({ ...before, deliveryId, route, position, forced: stays ? before.forced : false });
  if (stays) return;
  const from = before.route === null ? "" : `from ${before.route} `;
  await append(rows, "stop-moved", { ...act, deliveryId, reason: `${from}to ${route}` });
}

import { append } from "../audit/index.ts";
import type { Actor } from "../ports.ts";
import type { DispatchDeps } from "./rows.ts";

const BATCH = 100;
/** Seconds for which a stop stays after its last voucher is over, so that yesterday's stops can still be seen. */
const KEPT = 86_400;
const CLOCK: Actor = { kind: "clock", id: "clearing" };

/**
 * Takes stops off their routes whose vouchers are long over, delivered or not. Without this, a route to which
 * deliveries are only ever added would grow slower from day to day, and be full one day.
 *
 * @returns how many it took off
 */
export async function clearRoutes(deps: DispatchDeps): Promise<number> {
  const now = deps.now();
  for (let cleared = 0; ; ) {
    const found = await deps.store.transaction(async (rows) => {
      const stale = await rows.staleStops({ before: now - KEPT, limit: BATCH });
      for (const { deliveryId, route, ...stop } of stale) {
        await rows.putStop({ ...stop, deliveryId, route: null });
        await append(rows, "stop-removed", { deps, actor: CLOCK, now, deliveryId, reason: `from ${route}, over` });
      }
      return stale.length;
    });
    cleared += found;
    if (found < BATCH) return cleared;
  }
}

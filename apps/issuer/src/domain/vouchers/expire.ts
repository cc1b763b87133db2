import type { Actor } from "../ports.ts";
import { apply } from "./apply.ts";
import { decide } from "./lifecycle.ts";
import { loadDeliveryOf } from "./load.ts";
import type { VoucherDeps } from "./rows.ts";

const BATCH = 100;
const CLOCK: Actor = { kind: "clock", id: "expiry" };

/**
 * Marks vouchers that have expired and writes their events. No decision waits for it: every verb compares with the
 * clock itself.
 * @returns how many it marked
 */
export async function expireVouchers(deps: VoucherDeps): Promise<number> {
  const now = deps.now();
  for (let marked = 0; ; ) {
    const found = await deps.store.transaction(async (rows) => {
      const overdue = await rows.overdueVouchers(now, BATCH);
      for (const { id } of overdue) {
        const delivery = await loadDeliveryOf(rows, id);
        await apply(rows, delivery.id, decide(delivery, { do: "expire" }, now), { deps, actor: CLOCK, now });
      }
      return overdue.length;
    });
    marked += found;
    if (found < BATCH) return marked;
  }
}

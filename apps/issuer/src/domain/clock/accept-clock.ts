import { type AuditRows, append } from "../audit/index.ts";
import type { Actor, Deps } from "../ports.ts";
import type { ClockRows } from "./rows.ts";

/** All that is read and written when a clock is accepted. */
export type ClockReach = ClockRows & AuditRows;
export type ClockDeps = Deps<ClockReach>;

/**
 * An operator says that the clock is right as it stands. Issuers on this database believe it with their next look, as
 * if they had just started.
 * @returns the last time in the database before; null: there was none
 */
export async function acceptClock(deps: ClockDeps, actor: Actor): Promise<{ now: number; before: number | null }> {
  const now = deps.now();
  return deps.store.transaction(async (rows) => {
    const row = await rows.findClock();
    await rows.putClock({ seenAt: now, acceptances: (row?.acceptances ?? 0) + 1 });
    await append(rows, "clock-accepted", { deps, actor, now });
    return { now, before: row?.seenAt ?? null };
  });
}

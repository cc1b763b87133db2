import { reporterOf } from "../dispatch/index.ts";
import type { Actor } from "../ports.ts";
import type { QuotaRow, RedemptionDeps } from "./rows.ts";

const HOUR = 3600;

/** How a reporter stands with its records in this hour. */
export interface Quota {
  /** False: these records are too many for now, and none of them may be taken. */
  readonly isTaken: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the hour begins anew. */
  readonly resetIn: number;
}

/**
 * Counts records that a reporter is about to report, all of them or none. It is counted in the database and not in this
 * process: several issuers share one, a restart must not hand out a second quota, and what is to be bounded is what the
 * database has to keep for ever. That is one small write an upload, beside one for each of its records. A retry of what
 * was answered counts again, since it costs again.
 *
 * @param count of records, at most as many as the quota itself, or they could never be taken
 */
export async function takeQuota(deps: RedemptionDeps, actor: Actor, count: number): Promise<Quota> {
  const now = deps.now();
  const limit = deps.policy.recordsAnHour;
  const reporter = reporterOf(actor);
  return deps.store.transaction(async (rows) => {
    const before = current(await rows.findQuota(reporter), { reporter, now });
    const isTaken = before.used + count <= limit;
    const after = isTaken ? { ...before, used: before.used + count } : before;
    // An empty upload asks for the time, many times a day.
    if (isTaken && count > 0) await rows.putQuota(after);
    return { isTaken, limit, remaining: Math.max(0, limit - after.used), resetIn: after.since + HOUR - now };
  });
}

// After the issuer's clock was set back an hour may lie ahead: nobody waits for that.
function current(found: QuotaRow | undefined, { reporter, now }: { reporter: string; now: number }): QuotaRow {
  if (found && found.since <= now && now < found.since + HOUR) return found;
  return { reporter, since: now, used: 0 };
}

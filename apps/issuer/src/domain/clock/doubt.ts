import type { ClockRow } from "./rows.ts";

/** The clock and the process's monotonic one at one moment, in seconds. */
export interface Sighting {
  readonly now: number;
  readonly uptime: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
/** The longest life of a document key's signature: after it nothing that was signed before holds anyway. */
const LONGEST_PAUSE = 37 * DAY;

/**
 * Why a clock is not believed, in a sentence for the operator; {@link CLOCK_MEND} is what to do.
 * @param since the moment since which it was believed; null: it was not yet
 * @returns null: it is believed
 */
export function whyDoubted(
  { now, uptime }: Sighting,
  { row, since }: { row: ClockRow | undefined; since: Sighting | null },
): string | null {
  if (row === undefined) return null;
  if (now < row.seenAt - HOUR) return `it stands ${hours(row.seenAt - now)} before the last time in the database.`;
  if (since === null) {
    const pause = now - row.seenAt;
    return pause > LONGEST_PAUSE ? `the last time in the database is ${hours(pause)} old.` : null;
  }
  const ahead = now - since.now - (uptime - since.uptime);
  return ahead > DAY ? `it ran ${hours(ahead)} ahead while the issuer ran.` : null;
}

export const CLOCK_MEND = "Set it right; or, if it is right: doorproof clock accept";

function hours(seconds: number): string {
  return seconds < 2 * DAY ? `${Math.floor(seconds / HOUR)} hours` : `${Math.floor(seconds / DAY)} days`;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** How long a key signs (docs/format.md section 5). */
const SIGNS_FOR = 30 * DAY;
/** A key's window goes on until the last voucher it signed is over. */
export const OUTLASTS_BY: number = 7 * DAY;
/** Keys are listed this far ahead, and a list is valid this long, so that the root is rarely needed. */
export const PLANNED_AHEAD: number = 365 * DAY;
/** A key is published this long before its first use, so that a phone that was offline for a week knows it. */
const PUBLISHED_BEFORE = 7 * DAY;
/** A key's window opens this much before its first use, for devices whose clock is a little behind. */
const STARTS_EARLIER = HOUR;
/** A key stays listed this long after its window, since the issuer verifies with it what a phone uploads late. */
const LISTED_AFTER = 7 * DAY;

/** Seconds since 1970; `from` included, `to` excluded. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface PlannedWindow extends Window {
  /** When it signs for the first time. */
  readonly signsFrom: number;
  /**
   * It signs sooner after its publication than it should, because no other key can: devices that have not fetched the
   * list refuse its vouchers.
   */
  readonly isEarly: boolean;
}

/**
 * The windows that are missing so that at every moment of a year some key can sign a voucher of the longest life.
 * @param held the windows of the keys of one use that can sign
 */
export function planWindows(held: readonly Window[], now: number): readonly PlannedWindow[] {
  const planned: PlannedWindow[] = [];
  let signedUntil = now;
  while (signedUntil < now + PLANNED_AHEAD) {
    const reached = Math.max(signedUntil, ...held.filter(({ from }) => from <= signedUntil).map(signingEnd));
    if (reached === signedUntil) {
      const from = signedUntil === now ? now - STARTS_EARLIER : signedUntil;
      const to = signedUntil + SIGNS_FOR + OUTLASTS_BY;
      planned.push({ from, to, signsFrom: signedUntil, isEarly: signedUntil < now + PUBLISHED_BEFORE });
    }
    signedUntil = Math.max(reached, ...planned.map(signingEnd));
  }
  return planned;
}

/** Of a listed key: does the next list still name it? */
export function staysListed({ to }: Window, now: number): boolean {
  return now < to + LISTED_AFTER;
}

function signingEnd({ to }: Window): number {
  return to - OUTLASTS_BY;
}

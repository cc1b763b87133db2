const HOUR = 3600;
const DAY = 24 * HOUR;

/** How long a key signs (docs/format.md section 5). */
const SIGNS_FOR = 30 * DAY;
/** A key's window goes on until the last voucher it signed is over. */
export const OUTLASTS_BY: number = 7 * DAY;
/** So long is listed at once, and so long a list lives, so that the root is needed rarely. */
export const PLANNED_AHEAD: number = 365 * DAY;
/** Before its first use a key is published for so long: a phone that was offline that week knows it all the same. */
const PUBLISHED_BEFORE = 7 * DAY;
/** A device whose clock is a little behind must not find a key that serves at once "not yet valid". */
const STARTS_EARLIER = HOUR;
/** How long past its window a key stays listed: a phone that was offline uploads what it accepted, and the issuer verifies that. */
const LISTED_AFTER = 7 * DAY;

/** Seconds since 1970; `from` included, `to` excluded. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface PlannedWindow extends Window {
  /** When it signs for the first time. */
  readonly signsFrom: number;
  /** It signs sooner than it should after its publication, because no other key would: who has not fetched the list does not know it. */
  readonly isEarly: boolean;
}

/**
 * The windows that are missing for somebody to sign, at every moment of a year, what lives as long as a voucher may.
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

import type { WrongCodes } from "../ledger/rows.ts";

/** From this wrong code on there is a pause. */
const FREE = 3;

/** Seconds, for the third wrong code and each further one. */
const PAUSE = 10;

export function countWrong(before: WrongCodes | undefined, now: number): WrongCodes {
  return { count: (before?.count ?? 0) + 1, at: now };
}

/**
 * Until when this stop takes no code; null: it takes one.
 *
 * An end that is further ahead than a pause is long counts as none: else a clock that was set back would make a day of
 * ten seconds. Setting the clock to avoid pauses gains little: whoever holds the phone can search the seal itself,
 * against which only the code's length protects.
 */
export function pausedUntil(wrong: WrongCodes | undefined, now: number): number | null {
  if (!wrong || wrong.count < FREE) return null;
  const until = wrong.at + PAUSE;
  return now >= until || now < wrong.at - PAUSE ? null : until;
}

import type { WrongCodes } from "../ledger/rows.ts";

/** Slips that cost nothing. */
const FREE = 3;

/** Seconds, for the third wrong code and each further one. */
const PAUSE = 10;

export function countWrong(before: WrongCodes | undefined, now: number): WrongCodes {
  return { count: (before?.count ?? 0) + 1, at: now };
}

/**
 * Until when this stop takes no code; null: it takes one.
 *
 * A clock that was set back must not stretch ten seconds to a day, so a time that lies further ahead than a pause is long is no pause. Whoever
 * turns the clock to get round it gains little: with the phone in hand they could search the seal itself, and there only its length protects.
 */
export function pausedUntil(wrong: WrongCodes | undefined, now: number): number | null {
  if (!wrong || wrong.count < FREE) return null;
  const until = wrong.at + PAUSE;
  return now >= until || now < wrong.at - PAUSE ? null : until;
}

const DAY = 86_400;

/** Within a day, in either direction: a clock that was set is no reason to hide what was just done. */
export function isToday(at: number, now: number): boolean {
  return Math.abs(now - at) < DAY;
}

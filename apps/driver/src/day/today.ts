const DAY = 86_400;

/** Within a day, in either direction, so that after the clock was set the last entries are still shown. */
export function isToday(at: number, now: number): boolean {
  return Math.abs(now - at) < DAY;
}

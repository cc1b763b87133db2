import { InvalidArgumentError } from "commander";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY };

/** A moment, or so long from now; in seconds. */
export type Expiry = { readonly at: number } | { readonly in: number };

/**
 * ISO 8601 with a zone: without one, a time means another moment on another machine.
 * @returns seconds since 1970
 * @throws {InvalidArgumentError} anything else, the 30th of February too; before 1970, or from 2^32 on (in 2106), where
 * the format has no times
 */
export function readTime(text: string): number {
  const [, year, month, day] =
    /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const milliseconds = year === undefined ? Number.NaN : Date.parse(text);
  // Date.parse takes the 30th of February for the 2nd of March.
  const dayExists = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (!dayExists || Number.isNaN(milliseconds)) {
    throw new InvalidArgumentError("A time is ISO 8601 with a zone, as 2026-12-01T18:00:00Z");
  }
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 0 || seconds >= 2 ** 32)
    throw new InvalidArgumentError("A time is ISO 8601 with a zone, from 1970 to 2106-02-07T06:28:15Z");
  return seconds;
}

/**
 * `90m`, `48h`, `7d`: one number, one unit.
 * @returns seconds
 */
export function readDuration(text: string): number {
  const [, count, unit = ""] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  const seconds = UNITS[unit];
  if (seconds === undefined) throw new InvalidArgumentError("A duration is a number and m, h or d, as 90m, 48h, 7d");
  return Number(count) * seconds;
}

/**
 * A duration or a time, as an option says it.
 * @throws {InvalidArgumentError} neither
 */
export function readExpiry(text: string): Expiry {
  if (/^\d+[a-z]$/i.test(text)) return { in: readDuration(text) };
  try {
    return { at: readTime(text) };
  } catch {
    throw new InvalidArgumentError("An expiry is a duration, as 48h, or ISO 8601 with a zone, as 2026-12-01T18:00:00Z");
  }
}

/** @returns seconds since 1970 */
export function expiryTime(expiry: Expiry, now: number): number {
  return "at" in expiry ? expiry.at : now + expiry.in;
}

/** For programs: `2026-12-01T18:00:00Z`. */
export function toIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** For people: `2026-12-01 18:00 UTC`; seconds only where there are some. */
export function formatTime(seconds: number): string {
  return toIso(seconds)
    .replace("T", " ")
    .replace(/(:00)?Z$/, " UTC");
}

/** For people: `5 minutes`, `3 hours`, `12 days`; rounded down, so that nothing lasts shorter than it says. */
export function formatDuration(seconds: number): string {
  const [unit, length] =
    seconds < 2 * HOUR
      ? (["minute", MINUTE] as const)
      : seconds < 2 * DAY
        ? (["hour", HOUR] as const)
        : (["day", DAY] as const);
  const count = Math.floor(seconds / length);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

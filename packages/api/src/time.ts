// Seconds since 1970 inside the programs, ISO 8601 outside: here the one becomes the other. By arithmetic and not by
// `Date`, which is a clock too, and this room has none. The calendar is the proleptic Gregorian one, as in JavaScript.

/**
 * ISO 8601 with a zone: without one, a time means another moment on another machine. Refused are what no clock can show
 * (30 February, 25 o'clock) and a leap second, which no clock here can count.
 */
export function isTime(text: string): boolean {
  return parse(text) !== null;
}

/**
 * @returns seconds since 1970; fractions are dropped
 * @throws {RangeError} not what {@link isTime} lets through
 */
export function readTime(text: string): number {
  const seconds = parse(text);
  if (seconds === null) throw new RangeError("a time is ISO 8601 with a zone, as 2026-12-01T18:00:00Z");
  return seconds;
}

/**
 * @param seconds since 1970, a whole number
 * @returns in UTC, as `2026-12-01T18:00:00Z`
 * @throws {RangeError} outside the years 0 to 9999, or no whole number
 */
export function writeTime(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds < FIRST || seconds > LAST)
    throw new RangeError("no time that can be written");
  const days = Math.floor(seconds / DAY);
  const rest = seconds - days * DAY;
  const clock = [Math.floor(rest / HOUR), Math.floor(rest / MINUTE) % 60, rest % 60].map((part) => pad(part, 2));
  return `${writeDate(days)}T${clock.join(":")}Z`;
}

/** A number and a unit: minutes, hours or days, as `90m`, `48h`, `7d`. */
export const DURATION = "^[1-9][0-9]{0,4}[mhd]$";

export function isDuration(text: string): boolean {
  return new RegExp(DURATION).test(text);
}

/**
 * @returns seconds
 * @throws {RangeError} not what {@link isDuration} lets through
 */
export function readDuration(text: string): number {
  const unit = { m: MINUTE, h: HOUR, d: DAY }[text.slice(-1)];
  if (unit === undefined || !isDuration(text)) throw new RangeError("a duration is a number and m, h or d, as 48h");
  return Number(text.slice(0, -1)) * unit;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z: four digits of year. */
const FIRST = -62_167_219_200;
const LAST = 253_402_300_799;

const ISO_8601 =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(?:Z|([+-])([0-9]{2}):([0-9]{2}))$/;

function parse(text: string): number | null {
  const match = ISO_8601.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second = "0", fraction = "0", sign, zoneHour = "0", zoneMinute = "0"] =
    match;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  const zone = (Number(zoneHour) * HOUR + Number(zoneMinute) * MINUTE) * (sign === "-" ? -1 : 1);
  // 24:00 is the end of a day, and nothing comes after it.
  const isEnd = h === 24 && m === 0 && s === 0 && Number(fraction) === 0;
  const isClock = (h < 24 || isEnd) && m < 60 && s < 60 && Number(zoneHour) < 24 && Number(zoneMinute) < 60;
  if (!isClock || !isDay(date)) return null;
  return countDays(date) * DAY + h * HOUR + m * MINUTE + s - zone;
}

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function isDay({ year, month, day }: Day): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= length;
}

// Years begin in March here, so that the leap day is a year's last one and months before it never shift. An era is 400
// years, 146,097 days.
function countDays({ year, month, day }: Day): number {
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - MARCH_0000_TO_1970;
}

const MARCH_0000_TO_1970 = 719_468;

function writeDate(days: number): string {
  const since = days + MARCH_0000_TO_1970;
  const era = Math.floor(since / 146_097);
  const dayOfEra = since - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = march < 10 ? march + 3 : march - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

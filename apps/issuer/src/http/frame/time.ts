import Type from "typebox";

// Seconds inside, ISO 8601 outside: here and nowhere else the one becomes the other.

export const Time = Type.String({
  format: "date-time",
  description: "ISO 8601 with a zone",
  examples: ["2026-12-01T18:00:00Z"],
});

export const Duration = Type.String({
  pattern: "^[1-9][0-9]{0,4}[mhd]$",
  description: "Minutes, hours or days from now",
  examples: ["48h"],
});

/**
 * The schema format `date-time`, in place of the library's: that one takes a leap second, which no clock here can count, and a space for the T.
 */
export function isTime(text: string): boolean {
  const [, date = ""] = ISO_8601.exec(text) ?? [];
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // JavaScript reads 31 February as 3 March.
  const isDay = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
  return isDay && !Number.isNaN(Date.parse(text));
}

const ISO_8601 =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})$/;

/** @param text that {@link isTime} has let through */
export function readTime(text: string): number {
  return Math.floor(Date.parse(text) / 1000);
}

export function writeTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** @param text of the shape that {@link Duration} takes */
export function readDuration(text: string): number {
  const unit = { m: 60, h: 3600, d: 86_400 }[text.slice(-1)];
  if (unit === undefined) throw new RangeError("not a duration: the schema let it through");
  return Number(text.slice(0, -1)) * unit;
}

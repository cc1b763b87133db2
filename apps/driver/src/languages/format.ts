import type { Catalogue, Plural } from "./catalogue.ts";

// Words with numbers and times in them. Times are seconds since 1970, shown in the phone's own zone.

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** Fills `{name}`. A name without a value stays as it is, so that it is seen, and found by a test. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

/** The sentence for this number, in the way the language counts. */
export function count(plural: Plural, n: number, { locale }: Catalogue): string {
  const form = plural[new Intl.PluralRules(locale).select(n)] ?? plural.other;
  return fill(form, { n: new Intl.NumberFormat(locale).format(n) });
}

/** `5m`, `2h`, `3d`, as the language shortens them; under a minute the word for new. */
export function formatAge(seconds: number, catalogue: Catalogue): string {
  if (seconds < MINUTE) return catalogue.readiness.now;
  if (seconds < HOUR) return inUnits(seconds / MINUTE, "minute", catalogue);
  return seconds < 2 * DAY ? inUnits(seconds / HOUR, "hour", catalogue) : inUnits(seconds / DAY, "day", catalogue);
}

function inUnits(value: number, unit: string, { locale }: Catalogue): string {
  const style = { style: "unit", unit, unitDisplay: "short" } as const;
  return new Intl.NumberFormat(locale, style).format(Math.floor(value));
}

/** The hour alone for a time of today, with its date otherwise. */
export function formatTime(at: number, now: number, { locale }: Catalogue): string {
  const time = new Date(at * 1000);
  const isToday = time.toDateString() === new Date(now * 1000).toDateString();
  const hour = { hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat(locale, isToday ? hour : { ...hour, day: "numeric", month: "short" }).format(time);
}

export function formatWindow({ from, to }: { from: number; to: number }, { locale }: Catalogue): string {
  const hours = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
  return hours.formatRange(new Date(from * 1000), new Date(to * 1000));
}

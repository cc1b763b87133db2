export type Expiry = { iso: string; time: string; zone: string };

/**
 * A moment as a reader expects it, in words: day and clock time apart from the zone's full name, which is unambiguous
 * in the hour that autumn repeats.
 * @param seconds since 1970
 * @throws {RangeError} when there is no such moment or zone
 */
export function expiry(seconds: number, locale: string, timeZone: string): Expiry {
  const moment = new Date(seconds * 1000);
  const day = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone } as const;
  const parts = new Intl.DateTimeFormat(locale, { ...day, timeZoneName: "long" }).formatToParts(moment);
  return {
    iso: moment.toISOString(),
    time: new Intl.DateTimeFormat(locale, day).format(moment),
    zone: parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone,
  };
}

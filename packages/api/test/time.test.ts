import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDuration, isTime, readDuration, readTime, writeTime } from "../src/time.ts";

const FIRST = Date.parse("0000-01-01T00:00:00Z") / 1000;
const LAST = Date.parse("9999-12-31T23:59:59Z") / 1000;

const two = (most: number) => fc.integer({ min: 0, max: most }).map((part) => String(part).padStart(2, "0"));
/** Texts of the right shape, most of them times and some of them none. */
const texts = fc
  .tuple(
    fc.oneof(fc.integer({ min: 0, max: 9999 }), fc.constantFrom(1900, 1970, 2000, 2024, 2100)),
    two(14),
    two(33),
    two(25),
    two(61),
    fc.option(fc.tuple(two(61), fc.option(fc.stringMatching(/^[0-9]{1,9}$/)))),
    fc.oneof(fc.constant("Z"), fc.tuple(fc.constantFrom("+", "-"), two(25), two(61))),
  )
  .map(([year, month, day, hour, minute, second, zone]) => {
    const date = `${String(year).padStart(4, "0")}-${month}-${day}`;
    const rest = second === null ? "" : `:${second[0]}${second[1] === null ? "" : `.${second[1]}`}`;
    return `${date}T${hour}:${minute}${rest}${zone === "Z" ? zone : `${zone[0]}${zone[1]}:${zone[2]}`}`;
  });

/** JavaScript's own reading, which takes 31 February for 3 March. */
function dateReads(text: string): number | null {
  const [year, month, day] = text.slice(0, 10).split("-").map(Number);
  const midnight = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  const isDay =
    midnight.getUTCFullYear() === year && midnight.getUTCMonth() + 1 === month && midnight.getUTCDate() === day;
  const milliseconds = Date.parse(text);
  return isDay && !Number.isNaN(milliseconds) ? Math.floor(milliseconds / 1000) : null;
}

describe("times", () => {
  test("are read as JavaScript reads them, but for days that are none", () => {
    let good = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const expected = dateReads(text);
        if (expected !== null) good++;
        expect([text, isTime(text) ? readTime(text) : null]).toEqual([text, expected]);
      }),
      { numRuns: 3000 },
    );
    // Or the property would hold of nothing.
    expect(good).toBeGreaterThan(500);
  });

  test("come back as they went out, and are written as JavaScript writes them", () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), (seconds) => {
        expect(readTime(writeTime(seconds))).toBe(seconds);
        expect(writeTime(seconds)).toBe(new Date(seconds * 1000).toISOString().replace(".000Z", "Z"));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ["2026-12-01T18:00:00Z", 1_796_148_000],
    ["2026-12-01T18:00Z", 1_796_148_000],
    ["2026-12-01T19:00:00+01:00", 1_796_148_000],
    ["2026-12-01T18:00:00.999999999Z", 1_796_148_000],
    ["2026-12-01T24:00:00Z", 1_796_169_600],
    ["2028-02-29T00:00:00Z", 1_835_395_200],
    ["1969-12-31T23:59:59.5Z", -1],
    ["0000-01-01T00:00:00Z", FIRST],
    ["9999-12-31T23:59:59Z", LAST],
  ])("%s is %i", (text, seconds) => expect(readTime(text)).toBe(seconds));

  test.each([
    "2026-12-01T18:00:00",
    "2026-12-01 18:00:00Z",
    "2026-12-01",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-12-00T00:00:00Z",
    "2026-12-01T23:59:60Z",
    "2026-12-01T24:00:01Z",
    "2026-12-01T18:00:00.Z",
    "2026-12-01T18:00:00.1234567890Z",
    "2026-12-01T18:00:00+24:00",
    "2026-12-01t18:00:00z",
    "+002026-12-01T18:00:00Z",
    " 2026-12-01T18:00:00Z",
    "2026-12-01T18:00:00Z\n",
    "",
  ])("%j is none", (text) => {
    expect(isTime(text)).toBe(false);
    expect(() => readTime(text)).toThrow(RangeError);
  });

  test.each([0.5, Number.NaN, Infinity, FIRST - 1, LAST + 1])("%d cannot be written", (seconds) =>
    expect(() => writeTime(seconds)).toThrow(RangeError),
  );
});

describe("durations", () => {
  test.each([
    ["1m", 60],
    ["90m", 5400],
    ["48h", 172_800],
    ["7d", 604_800],
    ["99999d", 8_639_913_600],
  ])("%s is %i seconds", (text, seconds) => expect([isDuration(text), readDuration(text)]).toEqual([true, seconds]));

  test.each(["0h", "048h", "48", "h", "48H", "48 h", "1.5h", "-1h", "100000m", "2w", "48h "])("%j is none", (text) => {
    expect(isDuration(text)).toBe(false);
    expect(() => readDuration(text)).toThrow(RangeError);
  });
});

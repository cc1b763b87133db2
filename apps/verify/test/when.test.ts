import { describe, expect, it } from "vitest";
import { expiryTime, formatDuration, formatTime, readDuration, readExpiry, readTime, toIso } from "../src/when.ts";

describe("readDuration", () => {
  it.each([
    ["1m", 60],
    ["90m", 5_400],
    ["48h", 172_800],
    ["7d", 604_800],
    ["168h", 604_800],
  ])("%s", (text, seconds) => expect(readDuration(text)).toBe(seconds));

  it.each([
    "",
    "0m",
    "00h",
    "48",
    "h",
    "1.5h",
    "-1h",
    "+1h",
    " 1h",
    "1h ",
    "1 h",
    "1H",
    "1w",
    "1y",
    "30s",
    "1h30m",
    "1234567d",
    "١h",
  ])("refuses %j", (text) => expect(() => readDuration(text)).toThrow("90m, 48h, 7d"));
});

describe("readTime", () => {
  it.each([
    ["1970-01-01T00:00:00Z", 0],
    ["2026-12-01T18:00:00Z", 1_796_148_000],
    ["2026-12-01T18:00Z", 1_796_148_000],
    ["2026-12-01T18:00:00.999Z", 1_796_148_000],
    ["2026-12-01T19:00:00+01:00", 1_796_148_000],
    ["2026-12-02T00:00:00+06:00", 1_796_148_000],
    ["2028-02-29T00:00:00Z", 1_835_395_200],
    ["2106-02-07T06:28:15Z", 4_294_967_295],
  ])("%s", (text, seconds) => expect(readTime(text)).toBe(seconds));

  it.each([
    "",
    "now",
    "1969-12-31T23:59:59Z",
    "2106-02-07T06:28:16Z", // 2^32
    "2026-12-01",
    "2026-12-01T18:00:00", // whose clock?
    "2026-12-01 18:00:00Z",
    "2026-12-01T18Z",
    "2026-12-01T18:00:00+0100",
    "2026-02-30T00:00:00Z",
    "2027-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-12-00T00:00:00Z",
    "2026-12-01T25:00:00Z",
    "2026-12-01T18:60:00Z",
    "2026-12-01T18:00:00+25:00",
    "+002026-12-01T18:00:00Z",
    "1796148000",
  ])("refuses %j", (text) => expect(() => readTime(text)).toThrow("ISO 8601 with a zone"));
});

it("an expiry is a moment or a duration, and never a guess between them", () => {
  expect(expiryTime(readExpiry("48h"), 1_000)).toBe(173_800);
  expect(expiryTime(readExpiry("2026-12-01T18:00:00Z"), 1_000)).toBe(1_796_148_000);
  for (const text of ["48", "48x", "2026-12-01", "tomorrow", ""]) expect(() => readExpiry(text)).toThrow();
});

it.each([
  [1_796_148_000, "2026-12-01T18:00:00Z", "2026-12-01 18:00 UTC"],
  [1_796_148_001, "2026-12-01T18:00:01Z", "2026-12-01 18:00:01 UTC"],
  [4_294_967_295, "2106-02-07T06:28:15Z", "2106-02-07 06:28:15 UTC"],
])("%s is %s, for people %s", (seconds, iso, said) => {
  expect(toIso(seconds)).toBe(iso);
  expect(formatTime(seconds)).toBe(said);
});

it.each([
  [59, "0 minutes"],
  [60, "1 minute"],
  [7_199, "119 minutes"],
  [7_200, "2 hours"],
  [172_800, "2 days"],
])("%s seconds are %s", (seconds, said) => expect(formatDuration(seconds)).toBe(said));

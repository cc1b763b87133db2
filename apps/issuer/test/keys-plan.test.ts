import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OUTLASTS_BY, PLANNED_AHEAD, planWindows, staysListed, type Window } from "../src/keys/plan.ts";
import { DAY, HOUR, T0 } from "./world.ts";

const window = (starts: number): Window => ({ from: T0 + starts * DAY, to: T0 + (starts + 37) * DAY });
const inDays = (windows: readonly { signsFrom: number }[]) => windows.map(({ signsFrom }) => (signsFrom - T0) / DAY);

describe("what is missing for a year ahead", () => {
  const year = Array.from({ length: 13 }, (_, i) => window(i * 30));
  test.each<[string, readonly Window[], number, readonly number[], readonly number[]]>([
    ["nothing is there", [], 0, [0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 360], [0]],
    ["a year was made just now", year, 0, [], []],
    ["a month later", year, 30, [390], []],
    ["the last key has 7 days to sign", [window(-23)], 0, [7, 37, 67, 97, 127, 157, 187, 217, 247, 277, 307, 337], []],
    ["or 3", [window(-27)], 0, [3, 33, 63, 93, 123, 153, 183, 213, 243, 273, 303, 333, 363], [3]],
    [
      "or none: its window is for what it signed",
      [window(-30)],
      0,
      [0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 360],
      [0],
    ],
    ["the first was withdrawn, a week into its life", year.slice(1), 7, [7], [7]],
    ["one in the middle is gone", year.filter((_, i) => i !== 5), 0, [150], []],
  ])("%s", (_, held, day, starts, early) => {
    const planned = planWindows(held, T0 + day * DAY);
    expect(inDays(planned)).toEqual(starts);
    expect(inDays(planned.filter(({ isEarly }) => isEarly))).toEqual(early);
  });

  test("what serves at once serves devices whose clock is behind", () => {
    expect(planWindows([], T0)[0]).toMatchObject({ from: T0 - HOUR, to: T0 + 37 * DAY });
  });
});

test("whatever is held: a year can be signed, no more keys than needed, each published a week before unless nobody else signs", () => {
  const held = fc.array(
    fc
      .record({ starts: fc.integer({ min: -60, max: 400 }), hours: fc.integer({ min: 0, max: 23 }) })
      .map(({ starts, hours }) => ({
        from: T0 + starts * DAY + hours * HOUR,
        to: T0 + (starts + 37) * DAY + hours * HOUR,
      })),
    { maxLength: 16 },
  );
  fc.assert(
    fc.property(held, (windows) => {
      const planned = planWindows(windows, T0);
      const signs = (keys: readonly Window[], time: number) =>
        keys.some(({ from, to }) => from <= time && time + OUTLASTS_BY < to);
      for (let time = T0; time < T0 + PLANNED_AHEAD; time += 6 * HOUR) {
        expect(signs([...windows, ...planned], time)).toBe(true);
      }
      for (const { from, to, signsFrom, isEarly } of planned) {
        expect(from).toBeLessThanOrEqual(signsFrom);
        expect(to - signsFrom).toBe(37 * DAY);
        expect(isEarly).toBe(signsFrom < T0 + 7 * DAY);
        const others = [...windows, ...planned.filter((other) => other.signsFrom < signsFrom)];
        expect(signs(others, signsFrom)).toBe(false);
      }
    }),
  );
});

test("a key stays listed for as long as a phone that was offline may upload what it accepted", () => {
  const { from, to } = window(0);
  expect([to, to + 7 * DAY - 1, to + 7 * DAY].map((now) => staysListed({ from, to }, now))).toEqual([
    true,
    true,
    false,
  ]);
});

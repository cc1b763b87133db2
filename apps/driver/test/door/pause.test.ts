import fc from "fast-check";
import { expect, test } from "vitest";
import { countWrong, pausedUntil } from "../../src/door/pause.ts";
import type { WrongCodes } from "../../src/ledger/rows.ts";

function after(wrong: number, at: number): WrongCodes | undefined {
  return Array.from({ length: wrong }).reduce<WrongCodes | undefined>((before) => countWrong(before, at), undefined);
}

test.each([
  { wrong: 0, later: 0, until: null },
  { wrong: 2, later: 0, until: null },
  { wrong: 3, later: 0, until: 1010 },
  { wrong: 3, later: 9, until: 1010 },
  { wrong: 3, later: 10, until: null },
  { wrong: 7, later: 3, until: 1010 },
  // the clock was set back, and ahead
  { wrong: 3, later: -5, until: 1010 },
  { wrong: 3, later: -86_400, until: null },
  { wrong: 3, later: 86_400, until: null },
])("$wrong wrong codes, $later s later: $until", ({ wrong, later, until }) => {
  expect(pausedUntil(after(wrong, 1000), 1000 + later)).toBe(until);
});

test("no clock makes a pause longer than twice itself", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(), fc.nat(), (wrong, at, now) => {
      const until = pausedUntil(after(wrong, at), now);
      expect(until === null || until - now <= 20).toBe(true);
    }),
  );
});

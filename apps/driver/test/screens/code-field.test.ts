import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrange, characters, codeIn, erase, type Typed } from "../../src/screens/code-field.ts";

// The caret stands at "|".
const read = (marked: string): Typed => ({ text: marked.replace("|", ""), caret: marked.indexOf("|") });
const write = ({ text, caret }: Typed): string => `${text.slice(0, caret)}|${text.slice(caret)}`;

describe("what was typed, as it is shown", () => {
  test.each([
    ["w|", "W|"],
    ["WSDFX|", "WSDFX|"],
    ["WSDFX1|", "WSDFX-1|"],
    ["wsdfx 1h4vd|", "WSDFX-1H4VD|"],
    ["WSDFX–1H4VD|", "WSDFX-1H4VD|"],
    ["oil|", "011|"],
    ["WS|FX-1H4VD", "WS|FX1-H4VD"],
    ["WSd|FX-1H4VD", "WSD|FX-1H4VD"],
    ["WSDFX-1H4VDK|", "WSDFX-1H4VDK|"],
    ["WSUFX|", "WSUFX|"],
    ["WS.D/F|", "WSDF|"],
    ["|", "|"],
    ["Your code is WSDFX-1H4VD. Never tell it by phone.|", "WSDFX-1H4VD|"],
    ["Ihr Code: wsdfx-1h4vd https://x.example/v/abc|", "WSDFX-1H4VD|"],
  ])("%s becomes %s", (raw, shown) => {
    expect(write(arrange(read(raw)))).toBe(shown);
  });

  test.each<[string, "backward" | "forward", string | null]>([
    ["WSDFX-|1H", "backward", "WSDF|1-H"],
    ["WSDFX|-1H", "forward", "WSDFX|-H"],
    ["WSDFX-|1", "backward", "WSDF|1"],
    ["WSDFX-1|", "backward", null],
    ["|WSDFX-1", "backward", null],
    ["WSDFX-1|", "forward", null],
  ])("%s, one away %s: %s", (before, direction, after) => {
    const erased = erase(read(before), direction);
    expect(erased && write(erased)).toBe(after);
  });
});

test("arranging what is arranged changes nothing, whatever came in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.nat(40), (text, at) => {
      const once = arrange({ text, caret: Math.min(at, text.length) });
      expect(arrange(once)).toEqual(once);
      expect(once.caret).toBeLessThanOrEqual(once.text.length);
    }),
  );
});

test("the caret keeps its place among the characters", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 11 }), fc.nat(11), (text, at) => {
      const caret = Math.min(at, text.length);
      const once = arrange({ text, caret });
      expect(characters(once.text.slice(0, once.caret))).toBe(characters(text.slice(0, caret)));
    }),
  );
});

test.each([
  ["WSDFX-1H4VD", "WSDFX1H4VD"],
  ["WSDFX-1H4VE", null],
  ["WSDFX-1H4V", null],
  ["", null],
])("%s holds %s", (text, code) => {
  expect(codeIn(text)).toBe(code);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CODE_ALPHABET, writeShortCode } from "../src/codec.ts";
import { formatShortCode, Refusal, readShortCode } from "../src/index.ts";
import { expectRefusal } from "./refuses.ts";

test("the alphabet is Crockford's", () => {
  expect(CODE_ALPHABET).toBe("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
});

test("the first 45 bits, most significant first", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 6, maxLength: 32 }), (bits) => {
      const value = BigInt(`0x${Buffer.from(bits.subarray(0, 6)).toString("hex")}`) >> 3n;
      const digits = Array.from(
        { length: 9 },
        (_, i) => CODE_ALPHABET[Number((value >> BigInt(40 - 5 * i)) & 31n)],
      ).join("");
      expect(writeShortCode(bits).slice(0, 9)).toBe(digits);
    }),
  );
});

test("45 bits or nothing", () => {
  expect(() => writeShortCode(new Uint8Array(5))).toThrow(RangeError);
});

test("what is shown is read, in any case and grouping", () => {
  const hyphen = fc.constantFrom("", " ", "-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "\u00a0");
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 6, maxLength: 6 }),
      fc.array(hyphen, { minLength: 10, maxLength: 10 }),
      fc.boolean(),
      (bits, gaps, lower) => {
        const code = writeShortCode(bits);
        const typed = [...code].map((character, i) => character + gaps[i]).join("");
        expect(readShortCode(lower ? typed.toLowerCase() : typed)).toBe(code);
        expect(readShortCode(formatShortCode(code))).toBe(code);
      },
    ),
  );
});

test("whatever is typed is a code or code-mistyped", () => {
  fc.assert(
    fc.property(fc.anything(), (typed) => {
      const code = read(typed);
      if (code !== null) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
    }),
    { numRuns: 2000 },
  );
});

// All codes, by their structure: at every place every digit, at every two places every two digits.
describe("every slip is caught", () => {
  // Fifty thousand of them: an expectation for each would take most of the time.
  const unnoticed: { code: string; typed: string }[] = [];
  const slip = (code: string, typed: string) => {
    if (read(typed) !== null) unnoticed.push({ code, typed });
  };

  test("one character for another: 10 places, 32 x 31 characters", () => {
    for (let place = 0; place < 10; place++) {
      for (const right of CODE_ALPHABET) {
        const code = codeWith({ [place]: right });
        for (const wrong of CODE_ALPHABET) {
          if (wrong !== right) slip(code, replace(code, place, wrong));
        }
      }
    }
    expect(unnoticed).toEqual([]);
  });

  test("two characters exchanged: 45 pairs of places, 32 x 31 characters", () => {
    for (let first = 0; first < 10; first++) {
      for (let second = first + 1; second < 10; second++) {
        for (const a of CODE_ALPHABET) {
          for (const b of CODE_ALPHABET) {
            if (a === b) continue;
            const code = codeWith({ [first]: a, [second]: b });
            slip(code, replace(replace(code, first, b), second, a));
          }
        }
      }
    }
    expect(unnoticed).toEqual([]);
  });

  test("the same of 200 codes as they are drawn", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (bits) => {
        const code = writeShortCode(bits);
        for (let first = 0; first < 10; first++) {
          for (const wrong of CODE_ALPHABET) {
            if (wrong !== code[first]) slip(code, replace(code, first, wrong));
          }
          for (let second = first + 1; second < 10; second++) {
            const [a, b] = [code[first] ?? "", code[second] ?? ""];
            if (a !== b) slip(code, replace(replace(code, first, b), second, a));
          }
        }
        expect(unnoticed).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("a letter outside the alphabet, or one character more or less", () => {
    const code = "7KQ4M2XN8P";
    for (let place = 0; place < 10; place++) {
      expectRefusal("code-mistyped", () => readShortCode(replace(code, place, "U")));
      expectRefusal("code-mistyped", () => readShortCode(replace(code, place, "")));
      expectRefusal("code-mistyped", () => readShortCode(replace(code, place, "77")));
    }
  });
});

/** Its ten characters, or null for `code-mistyped`; anything else thrown fails. */
function read(typed: unknown): string | null {
  try {
    return readShortCode(typed);
  } catch (error) {
    if (error instanceof Refusal && error.code === "code-mistyped") return null;
    throw error;
  }
}

/** A right code with these characters at these places: two others are tried out until the check digit fits. */
function codeWith(fixed: Record<number, string>): string {
  const free = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((place) => !(place in fixed));
  const nine = Array.from({ length: 9 }, (_, i) => fixed[i] ?? "0");
  const filler = free[0] ?? 0;
  for (const character of CODE_ALPHABET) {
    nine[filler] = character;
    const code = writeShortCode(bitsOf(nine.join("")));
    if (fixed[9] === undefined || code[9] === fixed[9]) return code;
  }
  expect.unreachable("every check digit is reached by one digit alone");
}

function bitsOf(nine: string): Uint8Array {
  const value = [...nine].reduce((sum, character) => sum * 32n + BigInt(CODE_ALPHABET.indexOf(character)), 0n) << 3n;
  return new Uint8Array(Buffer.from(value.toString(16).padStart(12, "0"), "hex"));
}

function replace(code: string, place: number, character: string): string {
  return code.slice(0, place) + character + code.slice(place + 1);
}

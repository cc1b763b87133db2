import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_TEXT_LENGTH, splitVoucher, TEXT_PREFIX, writeText } from "../src/codec.ts";
import { Refusal, readText } from "../src/index.ts";
import { expectRefusal } from "./refuses.ts";
import { fromHex, hex, readVectors } from "./vector-files.ts";

const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

describe("a voucher has one text, and a text one voucher", () => {
  test("decode(encode(v)) = v, for whatever bytes fit", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 152 }), (bytes) => {
        expect(readText(writeText(bytes))).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test("encode(decode(t)) = t, for every text that decode takes", () => {
    const good = fc.constantFrom(...readVectors().valid.map(({ text }) => text));
    const character = fc.constantFrom(...BASE45, "a", "#", "\n", "Ä", "");
    const altered = fc
      .tuple(good, fc.nat(240), character, fc.nat(2))
      .map(([text, at, insert, remove]) => text.slice(0, at) + insert + text.slice(at + remove));
    const drawn = fc.string({ unit: fc.constantFrom(...BASE45), maxLength: 228 }).map((body) => TEXT_PREFIX + body);
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(altered, drawn, fc.string()), (text) => {
        const bytes = attempt(() => readText(text));
        if (!bytes) return;
        taken++;
        expect(writeText(bytes)).toBe(text);
      }),
      { numRuns: 5000 },
    );
    // or the property would hold of nothing
    expect(taken).toBeGreaterThan(500);
  });
});

test.each([
  ["undefined", undefined],
  ["null", null],
  ["a number", 7],
  ["bytes", new Uint8Array(100)],
  ["a String object", Object("DP1:000")],
  ["an object that prints as a voucher", { toString: () => `${TEXT_PREFIX}000`, length: 7 }],
  ["a list of one voucher", [readVectors().valid[0]?.text]],
  ["a symbol", Symbol("DP1:")],
  ["a megabyte", TEXT_PREFIX + "0".repeat(1 << 20)],
])("no text of a voucher: %s", (_, value) => {
  expectRefusal("malformed: text", () => readText(value));
});

// No vector: JSON with half a pair is none to many a parser, and where strings are UTF-8 it cannot be scanned.
test("half a surrogate pair", () => {
  const [text = ""] = readVectors().valid.map((one) => one.text);
  expectRefusal("malformed: text", () => readText(`${text.slice(0, 9)}\ud83d${text.slice(10)}`));
});

// However its bytes become a string, and a voucher's own bytes come through all of them.
describe.each(["latin1", "utf8", "windows-1252", "shift_jis", "gbk"])(
  "a scanner's bytes, decoded as %s",
  (encoding) => {
    const decoder = new TextDecoder(encoding, { ignoreBOM: true });
    test.each(readVectors().primitives.scanned)("$name", ({ octets, expect: expected }) => {
      const read = () => readText(decoder.decode(fromHex(octets)));
      if ("voucher" in expected) expect(hex(read())).toBe(expected.voucher);
      else expectRefusal(`malformed: ${expected.step ?? ""}`, read);
    });
  },
);

describe("lengths, at their edges", () => {
  test.each([
    [0, "malformed: length"],
    [81, "malformed: length"],
    [82, null],
    [152, null],
    [153, "malformed: length"],
  ] as const)("%i bytes", (length, refusal) => {
    const voucher = new Uint8Array(length);
    if (refusal) expectRefusal(refusal, () => splitVoucher(voucher));
    else expect(splitVoucher(voucher).payload.length).toBe(length - 68);
  });

  test.each([
    [MAX_TEXT_LENGTH, null],
    [MAX_TEXT_LENGTH + 1, "malformed: text"],
  ] as const)("%i octets", (length, refusal) => {
    const text = TEXT_PREFIX + "0".repeat(length - TEXT_PREFIX.length);
    if (refusal) expectRefusal(refusal, () => readText(text));
    else expect(readText(text).length).toBe(152);
  });
});

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return undefined;
  }
}

import { Refusal } from "@doorproof/voucher";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJwksFile } from "../src/index.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
/** What a text says, or null where it is refused; anything else thrown fails. */
function read(text: string | Uint8Array): { jwks: unknown; issuer: string | null } | null {
  try {
    return readJwksFile(typeof text === "string" ? utf8(text) : text);
  } catch (error) {
    if (Refusal.is(error, "malformed") && error.facts.step === "keys") return null;
    throw error;
  }
}

const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

describe("the text", () => {
  test.each([
    ["an object", "{}", {}],
    ["spaces of JSON around everything", ' \t\r\n{ "keys" : [ ] } \n', { keys: [] }],
    ["brackets, a colon and a quote in texts", '{"{[:\\"":"}]\\\\","a":"\\":"}', { '{[:"': "}]\\", a: '":' }],
    ["one name in two objects", '{"a":{"b":1},"b":{"a":1}}', { a: { b: 1 }, b: { a: 1 } }],
    ["one text twice, which are no names", '{"a":["b","b"],"b":"a"}', { a: ["b", "b"], b: "a" }],
    ["a pair of surrogates, escaped", '"\\ud83d\\udeaa"', "🚪"],
    ["a number of which a double knows no more than its size", "[1e999,-0,1e-999]", [Number.POSITIVE_INFINITY, -0, 0]],
    ["16 levels", deep(16), JSON.parse(deep(16))],
    ["64 KiB", `[${" ".repeat(65_534)}]`, []],
    ["names that objects have anyway", '{"__proto__":1,"toString":2}', JSON.parse('{"__proto__":1,"toString":2}')],
  ])("takes %s", (_, text, value) => {
    expect(read(text)?.jwks).toEqual(value);
  });

  test.each([
    ["nothing", ""],
    ["no JSON", "keys"],
    ["half of an object", '{"keys":['],
    ["something after it", "{} {}"],
    ["a comma too many", '{"keys":[],}'],
    ["a comment", "{} // keys"],
    ["a byte order mark", "\ufeff{}"],
    ["another language's white space", "\u00a0{}"],
    ["NaN", "[NaN]"],
    ["Infinity", "[-Infinity]"],
    ["a number that begins with 0", "[01]"],
    ["single quotes", "{'keys':[]}"],
    ["a line feed in a text", '"a\nb"'],
    ["a member twice", '{"keys":[],"keys":[]}'],
    ["a member twice, in an object in a list", '{"keys":[{"kty":"EC"},{"kty":"EC","d":1,"kty":"OKP"}]}'],
    ["a member twice, once escaped", '{"keys":[],"\\u006beys":[]}'],
    ["a member twice, that objects have anyway", '{"__proto__":1,"__proto__":2}'],
    ["half of a surrogate pair", '{"a":"\\ud83d"}'],
    ["the other half, in a name", '{"\\udeaa":1}'],
    ["halves in the wrong order", '"\\udeaa\\ud83d"'],
    ["17 levels", deep(17)],
    ["30,000 levels", deep(30_000)],
    ["64 KiB and a byte", `[${" ".repeat(65_535)}]`],
    ["64 KiB of quotes", '"\\'.repeat(32_768)],
  ])("refuses %s", (_, text) => {
    expect(read(text)).toBe(null);
  });

  test.each([
    ["a byte that is none of UTF-8", [0x22, 0xff, 0x22]],
    ["a surrogate in UTF-8", [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ["an overlong form", [0x22, 0xc1, 0xbf, 0x22]],
    ["a cut character", [0x22, 0xe2, 0x82, 0x22]],
    ["UTF-16", [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
    ["UTF-16 without a mark", [0x7b, 0x00, 0x7d, 0x00]],
  ])("refuses %s", (_, bytes) => {
    expect(read(Uint8Array.from(bytes))).toBe(null);
  });
});

describe("against JSON.parse", () => {
  test("what is taken says what JSON.parse says", () => {
    const texts = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[[\]{}":,\\u0a-]{0,24}$/), fc.json());
    fc.assert(
      fc.property(texts, (text) => {
        const said = read(text);
        if (said) expect(said.jwks).toEqual(JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  test("all JSON is taken that is not deep, holds no member twice and no half pair, and whose issuer has a name", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 12, stringUnit: "grapheme" }), fc.nat(3), (value, indent) => {
        const named = typeof value === "object" && value !== null && !Array.isArray(value) && "issuer" in value;
        if (!named)
          expect(read(JSON.stringify(value, null, indent))).toEqual({
            jwks: JSON.parse(JSON.stringify(value)),
            issuer: null,
          });
      }),
      { numRuns: 1000 },
    );
  });

  test("a member that stands twice is refused, wherever it stands and however it is spelled", () => {
    const escaped = (name: string) =>
      [...name].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
    fc.assert(
      fc.property(
        fc.stringMatching(/^[ -!#-[\]-~]{0,8}$/),
        fc.jsonValue({ stringUnit: "grapheme" }),
        fc.array(fc.boolean(), { maxLength: 12 }),
        fc.boolean(),
        (name, value, path, spelled) => {
          const twice = `{"${name}":${JSON.stringify(value)}, "${spelled ? escaped(name) : name}" : 0}`;
          const inside = path.reduce((json, isList) => (isList ? `[0,${json}]` : `{"a":"","b":${json}}`), twice);
          expect(read(inside)).toBe(null);
        },
      ),
    );
  });

  test("16 levels are taken and one more is refused, of lists and objects in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 32 }), (levels) => {
        const json = levels.reduce((inside, isList) => (isList ? `["]",${inside}]` : `{"{":${inside}}`), "0");
        expect(read(json) !== null).toBe(levels.length <= 16);
      }),
    );
  });
});

describe("the issuer's name", () => {
  test.each([
    ["{}", null],
    ["[]", null],
    ['{"issuer":"acme.example"}', "acme.example"],
    ['{"issuer":"A c"}', "A c"],
    [`{"issuer":"${"a".repeat(64)}"}`, "a".repeat(64)],
    ['{"\\u0069ssuer":"a"}', "a"],
    ['{"Issuer":7}', null],
  ])("of %s", (text, issuer) => {
    expect(read(text)?.issuer).toBe(issuer);
  });

  test.each([
    "null",
    "7",
    '""',
    '" a"',
    '"a "',
    '"a\\nb"',
    '"a\\n"',
    '"\\u001b[2J"',
    '"é"',
    '["a"]',
    `"${"a".repeat(65)}"`,
  ])("is not %s", (issuer) => {
    expect(read(`{"issuer":${issuer},"keys":[]}`)).toBe(null);
  });
});

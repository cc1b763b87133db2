import type { KeySetCase, Octets } from "../schema.ts";
import { type Bytes, fromHex, hex, join, utf8 } from "./bytes.ts";
import { ISSUER, jwk, KEYS } from "./given.ts";

// A JWKS as it is handed over: bytes, of which parsers make this value or that.

const KEY = JSON.stringify(jwk(KEYS.voucher.publicKey));
const KID = hex(KEYS.voucher.kid);
const SET = `{"issuer":"${ISSUER}","keys":[${KEY}]}`;
const LONGEST = 65_536;

export function keySetFiles(): KeySetCase[] {
  return [...accepted(), ...refused(), ...refusedBytes(), ...names()];
}

function accepted(): KeySetCase[] {
  return [
    good("a file, as it is published", `${JSON.stringify(JSON.parse(SET), null, 2)}\n`),
    good("a file in one line", SET),
    good("a file with CRLF and tabs", SET.replaceAll(",", "\t,\r\n")),
    good("a file with its members in another order", `{"keys":[${KEY}],"issuer":"${ISSUER}"}`),
    good(
      "a file with names in escapes",
      SET.replace('"keys"', '"\\u006bey\\u0073"').replace('"issuer"', '"\\u0069ssuer"'),
    ),
    good("a file of 64 KiB", [{ hex: hex(utf8(SET)) }, { hex: "20", times: LONGEST - SET.length }]),
    good("a file with other members", SET.replace("{", '{"a":{"keys":7,"issuer":8},"b":[null,true,-0.5E+1],')),
    good("a file that says in a text what would be deep", beside('"[[[[[[[[[[[[[[[[[["')),
    good("a file with escaped quotes before brackets", beside('"\\\\\\"[[[[[[[[[[[[[[[[[["')),
    good("a file with texts that look like a member twice", beside('["a","a","a:",{"a":"a"}]')),
    good("a file that is 16 deep", beside(deep(14))),
    good("a file that is 16 deep, in objects", beside(`${'{"a":'.repeat(14)}0${"}".repeat(14)}`)),
    good("a file with a number beyond a double, in a key that is skipped", beside("1e999")),
    good("a file with a number of 5,000 digits, in a key that is skipped", beside("9".repeat(5000))),
    good("a file with a text beyond ASCII", beside('"\u00e9\u20ac\u{1f6aa}\\u00e9\\ud83d\\udeaa\\u0000\\/"')),
    good("a file with U+FEFF in a text", beside('"\ufeff"')),
    good("a file with U+FFFD in texts", beside('["\ufffd","\\ufffd"]')),
    good("a file with members that a language may have already", beside('{"__proto__":1,"constructor":2}')),
    good("a file with members whose names differ in case", beside('{"a":1,"A":2}')),
    good("a file with members whose names differ in a normal form", beside('{"\u00e9":1,"e\u0301":2}')),
  ];
}

function refused(): KeySetCase[] {
  return [
    bad("an empty file", ""),
    bad("a file of spaces", "  \n"),
    bad("a file that is no JSON", "<!doctype html>"),
    bad("a file cut short", SET.slice(0, -1)),
    bad("a file with something after the set", `${SET}x`),
    bad("two sets in a file", `${SET}\n${SET}`),
    bad("a file with a comma too many", SET.replace("]}", ",]}")),
    bad("a file with a comment", `${SET}//`),
    bad("a file in single quotes", SET.replaceAll('"', "'")),
    bad("a file with a name without quotes", SET.replace('"keys"', "keys")),
    bad("a file with white space that is none of JSON", `\u00a0${SET}`),
    bad("a file with a form feed", `\f${SET}`),
    bad("a file with a byte after it: 0", `${SET}\0`),
    bad("a file with NaN, in a key that is skipped", beside("NaN")),
    bad("a file with Infinity, in a key that is skipped", beside("-Infinity")),
    bad("a file with a number that begins with 0", beside("01")),
    bad("a file with a number that begins with a plus", beside("+1")),
    bad("a file with a number that ends with a point", beside("1.")),
    bad("a file with a number in hex", beside("0x1f")),
    bad("a file with a word of another language", beside("True")),
    bad("a file with a line feed in a text", beside('"a\nb"')),
    bad("a file with a control character in a text", beside('"\u001f"')),
    bad("a file with an escape that is none", beside('"\\x41"')),
    bad("a file with an escape cut short", beside('"\\u00e"')),
    bad("a file with keys twice", SET.replace(/}$/, `,"keys":[${KEY}]}`)),
    bad("a file with keys twice, the first empty", `{"keys":[],"keys":[${KEY}]}`),
    bad("a file with keys twice, once in escapes", `{"keys":[],"\\u006beys":[${KEY}]}`),
    bad("a file with issuer twice", SET.replace("{", '{"issuer":"another-issuer",')),
    bad(
      "a file with x twice, the same",
      SET.replace(KEY, KEY.replace("{", `{"x":${JSON.stringify(JSON.parse(KEY).x)},`)),
    ),
    bad(
      "a file with kty twice, so that a key is skipped or is not",
      SET.replace(KEY, KEY.replace("{", '{"kty":"EC",')),
    ),
    bad("a file with a member twice in a key that is skipped", beside('{"kty":"EC","a":1,"a":1}')),
    bad("a file with a member twice, not side by side", beside('{"a":1,"b":{"a":1},"a":1}')),
    bad("a file with a member twice that a language may have already", beside('{"__proto__":1,"__proto__":1}')),
    bad("a file with a member without a name, twice", beside('{"":1,"":2}')),
    bad("a file with half of a surrogate pair in escapes", beside('"\\ud83d"')),
    bad("a file with half of a surrogate pair before another escape", beside('"\\ud83d\\u0041"')),
    bad("a file with the other half", beside('"\\udeaa"')),
    bad("a file with the halves in the wrong order", beside('"\\uDEAA\\uD83D"')),
    bad("a file with half of a surrogate pair in a name", beside('{"\\ud83d":1}')),
    bad("a file that is 17 deep, in a key that is skipped", beside(deep(15))),
    bad("a file that is 17 deep, in a member beside the keys", SET.replace("{", `{"a":${deep(16)},`)),
    bad("a file that is 17 deep, in objects", beside(`${'{"a":'.repeat(15)}0${"}".repeat(15)}`)),
    {
      name: "a file that is 20,000 deep",
      keys: {
        file: [
          { hex: "5b", times: 20_000 },
          { hex: "5d", times: 20_000 },
        ],
      },
      expect: REFUSED,
    },
    bad("a file of 64 KiB and a byte", [{ hex: hex(utf8(SET)) }, { hex: "20", times: LONGEST + 1 - SET.length }]),
    bad("a file of 2 MB", [{ hex: hex(utf8(SET)) }, { hex: "0a", times: 2_000_000 }]),
    bad("a file that is a list of keys", `[${KEY}]`),
    bad("a file that is a key", KEY),
    bad("a file that is a text", '"keys"'),
    bad("a file that is null", "null"),
    bad("a file without keys", `{"issuer":"${ISSUER}"}`),
    bad("a file with a private key", SET.replace(KEY, KEY.replace("{", '{"d":"AA",'))),
  ];
}

function refusedBytes(): KeySetCase[] {
  const put = (bytes: string): string => hex(join(utf8('{"a":"'), fromHex(bytes), utf8(`","keys":[${KEY}]}`)));
  const utf16: Bytes = new Uint8Array(Buffer.from(SET, "utf16le"));
  return [
    bad("a file with a byte order mark", [{ hex: "efbbbf" }, { hex: hex(utf8(SET)) }]),
    bad("a file in UTF-16", [{ hex: "fffe" }, { hex: hex(utf16) }]),
    bad("a file in UTF-16 without a byte order mark", [{ hex: hex(utf16) }]),
    bad("a file in Latin-1", [{ hex: put("e9") }]),
    bad("a file with a byte that is none of UTF-8", [{ hex: put("ff") }]),
    bad("a file with a surrogate in UTF-8", [{ hex: put("eda0bd") }]),
    bad("a file with a pair of surrogates in UTF-8", [{ hex: put("eda0bdedbaaa") }]),
    bad("a file with an overlong form", [{ hex: put("c1a1") }]),
    bad("a file with a character beyond U+10FFFF", [{ hex: put("f4908080") }]),
    bad("a file with a cut character", [{ hex: put("e282") }]),
  ];
}

/** The issuer's name is printed: no name may make two lines of one verdict. */
function names(): KeySetCase[] {
  const named = (json: string): string => `{"issuer":${json},"keys":[${KEY}]}`;
  const rightly: readonly (readonly [name: string, issuer: string])[] = [
    ["one character", "a"],
    ["64 characters", "a".repeat(64)],
    ["spaces inside", "Acme  Parcels, Inc."],
    ["every sign", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"],
  ];
  const wrongly: readonly (readonly [name: string, issuer: string])[] = [
    ["null", "null"],
    ["a number", "5"],
    ["a list", `["${ISSUER}"]`],
    ["empty", '""'],
    ["a space", '" "'],
    ["a space before it", `" ${ISSUER}"`],
    ["a space after it", `"${ISSUER} "`],
    ["65 characters", `"${"a".repeat(65)}"`],
    ["a line feed after it", `"${ISSUER}\\n"`],
    ["a line feed in it", '"acme\\nvalid RR123456785DE"'],
    ["an escape sequence", '"acme\\u001b[2J"'],
    ["DEL", '"acme\\u007f"'],
    ["a letter beyond ASCII", '"Caf\u00e9"'],
    ["a full-width letter", '"\uff41cme"'],
    ["a character that turns the direction of text", '"acme\\u202e"'],
  ];
  return [
    { name: "a file that names no issuer", keys: file(`{"keys":[${KEY}]}`), expect: { kids: [KID], issuer: null } },
    {
      name: "a file with Issuer, which is another member",
      keys: file(`{"Issuer":5,"keys":[${KEY}]}`),
      expect: { kids: [KID], issuer: null },
    },
    {
      name: "a file of another issuer, in escapes",
      keys: file(named('"\\u0061nother-issuer"')),
      expect: { kids: [KID], issuer: "another-issuer" },
    },
    {
      name: "a file without a key",
      keys: file(`{"issuer":"${ISSUER}","keys":[]}`),
      expect: { kids: [], issuer: ISSUER },
    },
    ...rightly.map(([name, issuer]) => ({
      name: `a file with an issuer's name: ${name}`,
      keys: file(named(JSON.stringify(issuer))),
      expect: { kids: [KID], issuer },
    })),
    ...wrongly.map(([name, json]) => bad(`a file with an issuer's name: ${name}`, named(json))),
  ];
}

const REFUSED = { code: "malformed", step: "keys" } as const;

function file(content: string | Octets): { file: Octets } {
  return { file: typeof content === "string" ? hex(utf8(content)) : content };
}

function good(name: string, content: string | Octets): KeySetCase {
  return { name, keys: file(content), expect: { kids: [KID], issuer: ISSUER } };
}

function bad(name: string, content: string | Octets): KeySetCase {
  return { name, keys: file(content), expect: REFUSED };
}

/** The set with one element more among its keys, which is skipped. */
function beside(element: string): string {
  return SET.replace(KEY, `${element},${KEY}`);
}

function deep(levels: number): string {
  return `${"[".repeat(levels)}${"]".repeat(levels)}`;
}

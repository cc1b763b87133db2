import { createHash } from "node:crypto";
import type { KeySetCase, Part } from "../schema.ts";
import { array, type Bytes, bstr, fromHex, head, hex, join, NULL, tstr, uint } from "./bytes.ts";
import { add, BASE, encode, multiply, scalarOf, T8 } from "./curve.ts";
import { coseKey, jwk, KEYS, keyListPayload, STRANGE_COSE_KEY, STRANGE_JWKS } from "./given.ts";
import { document, kidOf } from "./make.ts";

const A = KEYS.voucher;
const B = KEYS.brief;
/** One whose base64 is another than its base64url. */
const B64 = Object.values(KEYS).find(({ publicKey }) => /[-_]/.test(String(jwk(publicKey)["x"]))) ?? A;

export function keySetCases(): KeySetCase[] {
  const publicPoint = multiply(BASE, scalarOf(A.seed));
  const withTorsion = [1n, 2n, 4n].map((times) => encode(add(publicPoint, multiply(T8, times))));
  const smallOrder = Array.from({ length: 8 }, (_, i) => encode(multiply(T8, BigInt(i))));
  return [
    jwks("one key", [jwk(A.publicKey)], [A.kid]),
    jwks("two keys, in their order", [jwk(B.publicKey), jwk(A.publicKey)], [B.kid, A.kid]),
    jwks("no keys", [], []),
    jwks("keys of unknown types are skipped", [...STRANGE_JWKS, jwk(A.publicKey), 7, null], [A.kid]),
    jwks(
      "elements that are no keys are skipped",
      [jwk(A.publicKey), "key", 7, true, null, [jwk(B.publicKey)], {}],
      [A.kid],
    ),
    jwks("a key of another kty is skipped", [{ ...jwk(A.publicKey), kty: "EC" }, jwk(B.publicKey)], [B.kid]),
    jwks("a key on another curve is skipped", [{ ...jwk(A.publicKey), crv: "Ed448" }, jwk(B.publicKey)], [B.kid]),
    jwks("a kty in another case is skipped", [{ ...jwk(A.publicKey), kty: "okp" }, jwk(B.publicKey)], [B.kid]),
    jwks("a crv in another case is skipped", [{ ...jwk(A.publicKey), crv: "ed25519" }, jwk(B.publicKey)], [B.kid]),
    jwks("a private key of another type is skipped", [{ ...STRANGE_JWKS[1], d: "AA" }, jwk(A.publicKey)], [A.kid]),
    jwks("a key for encryption: its use is not looked at", [{ ...jwk(A.publicKey), use: "enc" }], [A.kid]),
    jwks("another algorithm: it is not looked at", [{ ...jwk(A.publicKey), alg: "ES256" }], [A.kid]),
    jwks("a key without use and alg", [{ ...jwk(A.publicKey), use: undefined, alg: undefined }], [A.kid]),
    jwks("operations are not looked at", [{ ...jwk(A.publicKey), key_ops: ["sign"] }], [A.kid]),
    {
      name: "an issuer that is a number",
      keys: { jwks: { issuer: 7, keys: [jwk(A.publicKey)] } },
      expect: { kids: [hex(A.kid)] },
    },
    jwks("members that a reader does not know", [{ ...jwk(A.publicKey), x5c: [], "com.example": true }], [A.kid]),
    cose("one key, as a COSE_Key", array(coseKey(A.publicKey)), [A.kid]),
    cose("two keys, as COSE_Keys", array(coseKey(A.publicKey), coseKey(B.publicKey)), [A.kid, B.kid]),
    cose("a COSE_Key of an unknown type is skipped", array(STRANGE_COSE_KEY, coseKey(A.publicKey)), [A.kid]),

    { name: "no object", keys: { jwks: "keys" }, expect: REFUSED },
    { name: "null", keys: { jwks: null }, expect: REFUSED },
    { name: "a list, not a set", keys: { jwks: [jwk(A.publicKey)] }, expect: REFUSED },
    { name: "a key, not a set", keys: { jwks: jwk(A.publicKey) }, expect: REFUSED },
    { name: "keys in an object", keys: { jwks: { keys: { a: jwk(A.publicKey) } } }, expect: REFUSED },
    jwks("two keys of one kid", [jwk(KEYS.twin.publicKey), jwk(KEYS.otherTwin.publicKey)]),
    jwks("one of two keys of one kid", [jwk(KEYS.otherTwin.publicKey)], [KEYS.twin.kid]),
    jwks("a key twice", [jwk(A.publicKey), jwk(A.publicKey)]),
    jwks("a private key", [{ ...jwk(A.publicKey), d: Buffer.from(A.seed).toString("base64url") }]),
    jwks("a private key beside a public one", [jwk(B.publicKey), { ...jwk(A.publicKey), d: "" }]),
    jwks("a private key: null", [{ ...jwk(A.publicKey), d: null }]),
    jwks("a private key for encryption", [{ ...jwk(A.publicKey), use: "enc", d: "AA" }]),
    jwks("another key's kid", [{ ...jwk(A.publicKey), kid: hex(B.kid) }]),
    jwks("a kid in upper case", [{ ...jwk(A.publicKey), kid: hex(A.kid).toUpperCase() }]),
    jwks("a kid of two bytes", [{ ...jwk(A.publicKey), kid: hex(A.kid).slice(0, 4) }]),
    jwks("a kid that is a number", [{ ...jwk(A.publicKey), kid: 7 }]),
    jwks("a whole thumbprint for a kid", [{ ...jwk(A.publicKey), kid: thumbprint(A.publicKey) }]),
    jwks("a kid of null", [{ ...jwk(A.publicKey), kid: null }]),
    jwks("no kid", [{ ...jwk(A.publicKey), kid: undefined }]),
    jwks("x of 31 bytes", [badX(A.publicKey.subarray(1))]),
    jwks("x of 33 bytes", [badX(join(A.publicKey, Uint8Array.of(0)))]),
    jwks("x with padding", [{ ...jwk(A.publicKey), x: `${jwk(A.publicKey)["x"]}=` }]),
    jwks("x in base64, not base64url", [
      { ...jwk(B64.publicKey), x: Buffer.from(B64.publicKey).toString("base64").slice(0, 43) },
    ]),
    jwks("x with a line feed at its end", [{ ...jwk(A.publicKey), x: `${jwk(A.publicKey)["x"]}\n` }]),
    jwks("x with a space at its end", [{ ...jwk(A.publicKey), x: `${jwk(A.publicKey)["x"]} ` }]),
    jwks("x in a list", [{ ...jwk(A.publicKey), x: [jwk(A.publicKey)["x"]] }]),
    jwks("x in hex", [{ ...jwk(A.publicKey), x: hex(A.publicKey) }]),
    jwks("x with bits beyond its last byte", [{ ...jwk(A.publicKey), x: looseBits(String(jwk(A.publicKey)["x"])) }]),
    jwks("no x", [{ ...jwk(A.publicKey), x: undefined }]),
    ...smallOrder.map((x, i) => jwks(`a key of small order: ${i} T8`, [jwk(x)])),
    ...NOT_CANONICAL.map(([name, x]) => jwks(`not canonical: ${name}`, [jwk(fromHex(x))])),
    ...withTorsion.map((x, i) => jwks(`a key with a torsion part of order ${8 >> i}`, [jwk(x)])),
    jwks("no point of the curve", [jwk(fromHex(`02${"00".repeat(31)}`))]),
    jwks("a bad key after a good one", [jwk(A.publicKey), jwk(smallOrder[0] as Bytes)]),

    ...coseSets(),

    cose("not CBOR", fromHex("ff")),
    cose("nothing", new Uint8Array(0)),
    cose("a COSE_Key, not a set", coseKey(A.publicKey)),
    cose("a byte after the set", join(array(coseKey(A.publicKey)), Uint8Array.of(0))),
    cose("a set of indefinite length", join(fromHex("9f"), coseKey(A.publicKey), fromHex("ff"))),
    cose("a COSE_Key twice", array(coseKey(A.publicKey), coseKey(A.publicKey))),
    cose(
      "a private COSE_Key",
      array(join(fromHex("a6"), coseKey(A.publicKey).subarray(1), fromHex("23"), bstr(A.seed))),
    ),
    cose(
      "a COSE_Key under another kid",
      array(join(fromHex("a5010102"), bstr(B.kid), coseKey(A.publicKey).subarray(9))),
    ),
    cose("a COSE_Key of 31 bytes", array(coseKey(A.publicKey.subarray(1)))),
    cose("a COSE_Key of small order", array(coseKey(smallOrder[3] as Bytes))),
    cose("a COSE_Key with a torsion part", array(coseKey(withTorsion[0] as Bytes))),
    cose("a COSE_Key that is not canonical", array(coseKey(fromHex(`ee${"ff".repeat(30)}7f`)))),
  ];
}

// A COSE_Key member by member, and what stands beside it.
function coseSets(): KeySetCase[] {
  const good = coseKey(A.publicKey);
  const label = (name: number): Bytes => (name < 0 ? head(1, -1 - name) : uint(name));
  const keyOf = (...members: (readonly [label: Bytes, value: Bytes])[]): Bytes =>
    join(head(5, members.length), ...members.flat());
  const [kty, kid, crv, x] = [
    [label(1), uint(1)],
    [label(2), bstr(A.kid)],
    [label(-1), uint(6)],
    [label(-2), bstr(A.publicKey)],
  ] as const;
  const withMember = (name: string, ...members: (readonly [Bytes, Bytes])[]): KeySetCase =>
    cose(name, array(keyOf(kty, kid, ...members, crv, x)), [A.kid]);
  const beside = (name: string, element: Bytes): KeySetCase => cose(`skipped: ${name}`, array(element, good), [A.kid]);
  const spoilt = (name: string, element: Bytes): KeySetCase => cose(`spoils the set: ${name}`, array(element, good));
  const strange = (value: string): Bytes => keyOf([label(1), uint(7)], [label(-1), fromHex(value)]);
  const bad = (name: string, ...members: (readonly [Bytes, Bytes])[]): KeySetCase =>
    cose(name, array(keyOf(...members)));
  const deep = (depth: number): Bytes => join(new Uint8Array(depth).fill(0x81), uint(0));
  const maps = (depth: number): Bytes => join(fromHex("a100".repeat(depth)), uint(0));
  const filled = (length: number): Part[] => {
    const before = join(head(4, length - good.length - 3 + 1), good);
    return [{ hex: hex(before) }, { hex: "f6", times: length - before.length }];
  };
  return [
    cose("no COSE_Key", array(), []),
    cose("COSE_Keys of other types alone", array(strange("f6"), keyOf([label(1), tstr("OKP")])), []),
    cose("a COSE_Key whose kty is negative, alone", array(keyOf([label(1), label(-70000)])), []),
    cose("24 elements: a list with a head of two bytes", array(good, ...new Array<Bytes>(23).fill(NULL)), [A.kid]),
    cose("its labels in another order", array(keyOf(x, crv, kid, kty)), [A.kid]),
    withMember("no algorithm"),
    withMember("a COSE_Key of another algorithm: it is not looked at", [label(3), label(-7)]),
    withMember("a COSE_Key's operations are not looked at", [label(4), array(uint(1))]),
    withMember("a base IV is not looked at", [label(5), bstr(Uint8Array.of(7))]),
    withMember("a label that a reader does not know", [label(-70000), fromHex("a0")]),
    withMember("a label in text", [tstr("com.example"), fromHex("f5")]),
    withMember("a y, which Ed25519 has not", [label(-3), bstr(A.publicKey)]),
    beside("a number", uint(7)),
    beside("null", NULL),
    beside("a text", tstr("key")),
    beside("a list that holds a key", array(good)),
    beside("a map without a member", keyOf()),
    beside("a key of another kty", keyOf([label(1), uint(2)], kid, crv, x)),
    beside("a key whose kty is true", keyOf([label(1), fromHex("f5")], kid, crv, x)),
    beside("a key whose kty is a text", keyOf([label(1), tstr("OKP")], kid, crv, x)),
    beside("a key on another curve, private", keyOf(kty, kid, [label(-1), uint(4)], x, [label(-4), bstr(A.seed)])),
    beside("a key of another type, with all that may be", strange("85 f4 f5 f6 3affffffff a2 1affffffff 40 60 81 00")),
    beside("a list that is 16 deep with the set", deep(15)),
    beside("maps that are 16 deep with the set", maps(15)),
    ...NO_SETS.map(([name, set]) => cose(`no set of keys: ${name}`, set)),
    cose("no set of keys: a key of another type beside a text", array(strange("f6"), tstr("key"))),
    cose("no set of keys: a key of another type in a list", array(array(strange("f6")))),
    cose("no set of keys: a map without a kty", array(keyOf(crv, x))),
    cose("no set of keys: a map whose kty is true", array(keyOf([label(1), fromHex("f5")], crv, x))),
    spoilt("maps that are 17 deep with the set", maps(16)),
    spoilt("a list that is 17 deep with the set", deep(16)),
    spoilt("a map that is 17 deep with the set", join(new Uint8Array(15).fill(0x81), fromHex("a10000"))),
    spoilt("an integer in a head longer than needed", strange("1805")),
    spoilt("a byte string in a head longer than needed", strange("580100")),
    spoilt("a list in a head longer than needed", strange("9801 00")),
    spoilt("a map in a head longer than needed", strange("b801 0000")),
    spoilt("a label in a head longer than needed", strange("a1 1805 00")),
    spoilt("a list of indefinite length", strange("9f00ff")),
    spoilt("a byte string of indefinite length", strange("5f4100ff")),
    spoilt("an integer of 2^32", strange("1b0000000100000000")),
    spoilt("an integer of -2^32-1", strange("3b0000000100000000")),
    spoilt("a bignum", strange("c249010000000000000000")),
    spoilt("a float of 16 bits", strange("f93e00")),
    spoilt("a float of 64 bits", strange("fb3ff199999999999a")),
    spoilt("a float that is a whole number", strange("fb41f0000000000000")),
    spoilt("a float that is a whole number, negative", strange("fbc1f0000000100000")),
    spoilt("not a number", strange("f97e00")),
    spoilt("undefined", strange("f7")),
    spoilt("a simple value", strange("f0")),
    spoilt("a simple value in two bytes", strange("f8ff")),
    spoilt("a time", strange("c11a6b49d200")),
    spoilt("CBOR in CBOR", strange("d8184100")),
    spoilt("a tag that nobody knows", strange("d903e800")),
    spoilt("a text that is not UTF-8", strange("62c328")),
    spoilt("a text that begins with U+FEFF", tstr("\ufeffkey")),
    spoilt("a long text that begins with U+FEFF", tstr(`\ufeff${"k".repeat(100)}`)),
    spoilt("a label in bytes", strange("a1410100")),
    spoilt("a label that is null", strange("a1f600")),
    spoilt("a label that is a list", strange("a1810000")),
    spoilt("a label twice, in a key of another type", strange("a200010002")),
    bad("a label twice", kty, kid, crv, x, x),
    bad("a label twice, with two values", kty, kid, crv, x, [label(-2), bstr(B.publicKey)]),
    bad("a private COSE_Key: null", kty, kid, crv, x, [label(-4), NULL]),
    bad("a kid in hex", kty, [label(2), tstr(hex(A.kid))], crv, x),
    bad("a kid of three bytes", kty, [label(2), bstr(A.kid.subarray(0, 3))], crv, x),
    bad("a COSE_Key with its whole thumbprint", kty, [label(2), bstr(fromHex(thumbprint(A.publicKey)))], crv, x),
    bad("a kid that is null", kty, [label(2), NULL], crv, x),
    bad("a COSE_Key without a kid", kty, crv, x),
    bad("no x in a COSE_Key", kty, kid, crv),
    bad("an x in text", kty, kid, crv, [label(-2), tstr("x".repeat(32))]),
    bad("a COSE_Key of 33 bytes", kty, [label(2), bstr(kidOf(LONG))], crv, [label(-2), bstr(LONG)]),
    cose("two COSE_Keys of one kid", array(...TWINS.map((twin) => coseKey(twin.publicKey)))),
    { name: "a set of 64 KiB", keys: { coseKeys: filled(65536) }, expect: { kids: [hex(A.kid)] } },
    { name: "a set of 64 KiB and a byte", keys: { coseKeys: filled(65537) }, expect: REFUSED },
  ];
}

/** Arrays all the same, and plain: what a courier pins by mistake. */
const NO_SETS: readonly (readonly [name: string, set: Bytes])[] = [
  ["a null", array(NULL)],
  ["the payload of a key list", keyListPayload()],
  ["a COSE_Sign1 without its tag", document("keys", keyListPayload(), KEYS.root).subarray(1)],
  ["a COSE_Sign1 with its tag", document("keys", keyListPayload(), KEYS.root)],
  ["a COSE_Mac0 whose header names an algorithm", array(bstr(fromHex("a0")), fromHex("a10105"), NULL, bstr(A.kid))],
];

const LONG = join(A.publicKey, Uint8Array.of(0));
const TWINS = [KEYS.twin, KEYS.otherTwin];

const REFUSED = { code: "malformed", step: "keys" };

/** Encodings of points that RFC 8032 section 5.1.3 refuses: y is not reduced, or x = 0 with its sign bit set. */
const NOT_CANONICAL = [
  ["y = p: 0 in disguise", `ed${"ff".repeat(30)}7f`],
  ["y = p + 1: the identity in disguise", `ee${"ff".repeat(30)}7f`],
  ["y = 2^255 - 1", `${"ff".repeat(31)}7f`],
  ["the identity with a sign", `01${"00".repeat(30)}80`],
  ["y = -1 with a sign", `ec${"ff".repeat(31)}`],
  ["y = p with a sign", `ed${"ff".repeat(31)}`],
  ["y = p + 3, a point of large order in disguise", `f0${"ff".repeat(30)}7f`],
] as const;

function jwks(name: string, keys: readonly unknown[], kids?: readonly Bytes[]): KeySetCase {
  return { name, keys: { jwks: { keys } }, expect: kids ? { kids: kids.map(hex) } : REFUSED };
}

function cose(name: string, set: Bytes, kids?: readonly Bytes[]): KeySetCase {
  return { name, keys: { coseKeys: hex(set) }, expect: kids ? { kids: kids.map(hex) } : REFUSED };
}

function badX(x: Bytes): Record<string, unknown> {
  return { ...jwk(x), kid: hex(kidOf(x)) };
}

function thumbprint(x: Bytes): string {
  return createHash("sha256").update(fromHex("a301012006215820")).update(x).digest("hex");
}

// The last of 43 characters carries four bits of the key and two that must be zero.
function looseBits(x: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return x.slice(0, -1) + alphabet[alphabet.indexOf(x.slice(-1)) + 1];
}

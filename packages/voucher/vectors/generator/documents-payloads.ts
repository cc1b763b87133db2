import type { DocumentCase } from "../schema.ts";
import { array, type Bytes, bstr, fromHex, head, itemsOf, join, NULL, tstr, uint } from "./bytes.ts";
import { add, BASE, encode, multiply, scalarOf, T8 } from "./curve.ts";
import { accepted, PAYLOAD, READERS, type Reader, refused } from "./document-case.ts";
import { manifests } from "./documents-manifests.ts";
import { stopCases } from "./documents-stops.ts";
import { FROM, KEYS, keyListPayload, LISTED, NOW, REVOKED_CTIS, revocationPayload, TO } from "./given.ts";
import { packed } from "./make.ts";

// What an issuer may write at its edges, and what it must not, signed by the right key.

export function documentPayloads(): DocumentCase[] {
  return [
    ...keyLists(),
    ...revocationLists(),
    ...manifests(),
    ...stopCases(),
    ...READERS.flatMap(anyKind),
    ...READERS.flatMap(items),
  ];
}

// What no payload may be, whatever its kind.
function anyKind(read: Reader): DocumentCase[] {
  const good = PAYLOAD[read]();
  const versionAt = 1 + 15; // after the array's head and the issuer's name
  const with_ = (version: Bytes): Bytes => join(good.subarray(0, versionAt), version, good.subarray(versionAt + 1));
  const named = (name: string, issuer: string): DocumentCase => refused(read, name, PAYLOAD[read]({ issuer }));
  return [
    refused(read, "an empty payload", new Uint8Array(0)),
    refused(read, "a map", join(fromHex("a1"), uint(1), uint(2))),
    refused(read, "an empty array", array()),
    refused(read, "a byte after the payload", join(good, Uint8Array.of(0))),
    refused(read, "a payload cut short", good.subarray(0, -1)),
    refused(read, "an array of indefinite length", join(fromHex("9f"), good.subarray(1), fromHex("ff"))),
    refused(read, "an array whose head is longer than needed", join(head(4, (good[0] ?? 0) & 31, 1), good.subarray(1))),
    refused(read, "a tag before the payload", join(fromHex("d83d"), good)),
    refused(read, "an item too many", join(head(4, ((good[0] ?? 0) & 31) + 1), good.subarray(1), NULL)),
    refused(read, "a version whose head is longer than needed", with_(fromHex("1805"))),
    refused(read, "a version in nine bytes", with_(fromHex("1b0000000000000005"))),
    refused(read, "a version that is true", with_(fromHex("f5"))),
    refused(read, "a version that is undefined", with_(fromHex("f7"))),
    refused(read, "a version in a map", with_(fromHex("a10005"))),
    refused(read, "a version 17 deep", with_(join(new Uint8Array(16).fill(0x81), fromHex("05")))),
    refused(read, "a version that is a float", with_(fromHex("fb4014000000000000"))),
    refused(read, "a version between two numbers", with_(fromHex("fb4016000000000000"))),
    refused(read, "a version that is minus zero", with_(fromHex("f98000"))),
    refused(read, "a negative version", with_(fromHex("20"))),
    refused(read, "a version of 2^32", with_(uint(2 ** 32))),
    refused(read, "a version in a bignum", with_(fromHex("c24105"))),
    refused(read, "a version in text", with_(tstr("5"))),
    refused(read, "a version with the tag of a time", with_(fromHex("c105"))),
    refused(read, "an issuer's name that is not UTF-8", join(good.subarray(0, 3), fromHex("c328"), good.subarray(5))),
    named("an empty issuer's name", ""),
    named("an issuer's name that ends in a space", "doorproof-tes "),
    named("an issuer's name that begins with a space", " oorproof-test"),
    named("an issuer's name of 65 characters", "d".repeat(65)),
    named("an issuer's name with a line feed at its end", "doorproof-test\n"),
    named("an issuer's name with a tab in it", "doorproof\ttest"),
    named("an issuer's name with DEL in it", "doorproof\x7ftest"),
    named("an issuer's name with a letter beyond ASCII", "doorpröf-test"),
  ];
}

const FIELDS: Record<Reader, readonly string[]> = {
  keys: ["issuer", "version", "iat", "exp", "grace", "keys", "roots"],
  revocations: ["issuer", "version", "iat", "next", "kids", "ctis"],
  manifest: ["issuer", "route", "version", "iat", "exp", "country", "logN", "stops", "revoked"],
};

// Each item for itself: none of them may be of another type, and a number is at most 2^32-1.
function items(read: Reader): DocumentCase[] {
  const good = itemsOf(PAYLOAD[read]());
  const exchanged = (name: string, at: number, item: Bytes): DocumentCase =>
    refused(read, name, array(...good.map((own, i) => (i === at ? item : own))));
  return FIELDS[read].flatMap((field, at) => {
    const isNumber = (good[at]?.[0] ?? 0) >> 5 === 0;
    return [
      exchanged(`null for ${field}`, at, NULL),
      ...(isNumber
        ? [
            exchanged(`${field} of 2^32`, at, uint(2 ** 32)),
            exchanged(`${field} in bytes`, at, bstr(fromHex("6b49d200"))),
            exchanged(`${field} in a list`, at, array(uint(NOW))),
          ]
        : [exchanged(`a number for ${field}`, at, uint(7))]),
    ];
  });
}

function keyLists(): DocumentCase[] {
  const listed = (name: string, entry: Bytes, step?: string): DocumentCase => {
    const good = keyListPayload({ keys: [] });
    const at = good.length - 1 - 1 - 34; // the empty list of keys, before that of one root
    return refused("keys", name, join(good.subarray(0, at), array(entry), good.subarray(at + 1)), step);
  };
  const entry = (use: Bytes, x: Bytes, from = uint(FROM), to = uint(TO)): Bytes => array(use, bstr(x), from, to);
  const x = KEYS.voucher.publicKey;
  const torsion = encode(add(multiply(BASE, scalarOf(KEYS.voucher.seed)), T8));
  const taken = (name: string, fields: Parameters<typeof keyListPayload>[0]): DocumentCase =>
    accepted("keys", name, keyListPayload(fields), { version: 3, issuedAt: NOW - 3600, ...pick(fields) });
  return [
    taken("a list that lives for a second", { iat: NOW, exp: NOW + 1 }),
    taken("a list that ended long ago", { iat: 1, exp: 2 }),
    taken("a list made in the year 2106", { iat: 2 ** 32 - 2, exp: 2 ** 32 - 1 }),
    taken("a key whose window is a second", { keys: [[1, KEYS.voucher.publicKey, NOW, NOW + 1]] }),
    taken("a key whose window is all time", { keys: [[1, KEYS.voucher.publicKey, 0, 2 ** 32 - 1]] }),
    taken("keys for vouchers alone", { keys: LISTED.slice(0, 1) }),
    taken("keys for documents alone", { keys: LISTED.slice(3) }),
    taken("24 keys: a list with a head of two bytes", { keys: points(24) }),
    taken("no grace", { grace: 0 }),
    taken("a grace that never ends", { grace: 2 ** 32 - 1 }),
    taken("version 0", { version: 0 }),
    refused("keys", "no key", keyListPayload({ keys: [] })),
    refused("keys", "a key twice", keyListPayload({ keys: [...LISTED, [1, x, FROM, TO]] })),
    refused("keys", "two keys of one kid", keyListPayload({ keys: TWINS })),
    taken("one of two keys of one kid", { keys: TWINS.slice(1) }),
    refused("keys", "one key for two uses", keyListPayload({ keys: [...LISTED, [2, x, FROM, TO]] })),
    refused("keys", "a list that ends when it begins", keyListPayload({ iat: NOW, exp: NOW })),
    refused("keys", "a root of 31 bytes", keyListPayload({ roots: [x.subarray(1)] })),
    taken("64 keys", { keys: points(64) }),
    refused("keys", "65 keys", keyListPayload({ keys: points(65) })),
    refused(
      "keys",
      "65 keys, one of them of a use that no reader knows",
      keyListPayload({ keys: [...points(64), LATER] }),
    ),
    ...laterUses().map(([name, later]) => taken(name, { keys: [...LISTED, later] })),
    taken("keys of unknown uses alone", { keys: [LATER] }),
    listed("a key with a use in text", entry(tstr("vouchers"), x)),
    listed("a key of 31 bytes", entry(uint(1), x.subarray(1))),
    listed("a key of 33 bytes", entry(uint(1), join(x, Uint8Array.of(0)))),
    listed("a key whose window ends when it begins", entry(uint(1), x, uint(NOW), uint(NOW))),
    listed("a key without an end", entry(uint(1), x, uint(NOW), NULL)),
    listed("a key without a beginning", entry(uint(1), x, NULL)),
    listed("a key that begins at 2^32", entry(uint(1), x, uint(2 ** 32), uint(2 ** 32 + 1))),
    listed("a key that ends at 2^32", entry(uint(1), x, uint(NOW), uint(2 ** 32))),
    listed("a key whose window begins in bytes", entry(uint(1), x, bstr(fromHex("00")))),
    listed("a key whose window ends in bytes", entry(uint(1), x, uint(FROM), bstr(fromHex("6b643000")))),
    listed("a key in text", array(uint(1), tstr("k".repeat(32)), uint(FROM), uint(TO))),
    listed("a key of an unknown use, in text", array(uint(3), tstr("k".repeat(32)), uint(FROM), uint(TO))),
    listed("a key of an unknown use without an end", entry(uint(3), x, uint(NOW), NULL)),
    listed("a key of an unknown use that begins at 2^32", entry(uint(3), x, uint(2 ** 32), uint(TO))),
    listed("a key of an unknown use, of three items", array(uint(3), bstr(x), uint(FROM))),
    listed("a key of an unknown use, of five items", array(uint(3), bstr(x), uint(FROM), uint(TO), NULL)),
    listed("a key with a use of 2^32", entry(uint(2 ** 32), x)),
    listed("a key with a negative use", entry(fromHex("20"), x)),
    listed("a key that is no array", uint(1)),
    listed("a key of three items", array(uint(1), bstr(x), uint(FROM))),
    listed("a key of five items", array(uint(1), bstr(x), uint(FROM), uint(TO), NULL)),
    listed(
      "the identity for a key: anyone could sign",
      entry(uint(1), join(Uint8Array.of(1), new Uint8Array(31))),
      "keys",
    ),
    listed("a key of order 8", entry(uint(2), encode(T8)), "keys"),
    listed("a key with a torsion part", entry(uint(1), torsion), "keys"),
    listed("a key that is not canonical", entry(uint(1), fromHex(`ee${"ff".repeat(30)}7f`)), "keys"),
    listed("a key that is no point", entry(uint(1), join(Uint8Array.of(2), new Uint8Array(31))), "keys"),
  ];
}

type Listed = (typeof LISTED)[number];

/** Sound keys, as many as are wanted. */
function points(count: number): readonly Listed[] {
  return Array.from({ length: count }, (_, i) => [1, encode(multiply(BASE, BigInt(i + 2))), FROM, TO] as const);
}

/** Of a use that is to come, as a receipt's. */
const LATER: Listed = [3, KEYS.foreign.publicKey, FROM, TO];

// Of a key whose use is unknown nothing is looked at but its shape.
function laterUses(): readonly (readonly [name: string, key: Listed])[] {
  const [, x] = LATER;
  return [
    ["a key with a use of 3", LATER],
    ["a key with a use of 0", [0, x, FROM, TO]],
    ["a key with a use of 2^32-1", [2 ** 32 - 1, x, FROM, TO]],
    ["a key of an unknown use, as long as a post-quantum key", [3, new Uint8Array(1312), FROM, TO]],
    ["a key of an unknown use, of no bytes", [3, new Uint8Array(0), FROM, TO]],
    ["a key of an unknown use that is not sound", [3, encode(T8), FROM, TO]],
    ["a key of an unknown use whose window ends before it begins", [3, x, TO, FROM]],
    ["a voucher key that has an unknown use too", [3, KEYS.voucher.publicKey, FROM, TO]],
  ];
}

const TWINS = [KEYS.twin, KEYS.otherTwin].map(({ publicKey }, i) => [i + 1, publicKey, FROM, TO] as const);

function revocationLists(): DocumentCase[] {
  const [first, second] = REVOKED_CTIS as [Bytes, Bytes];
  const taken = (name: string, fields: Parameters<typeof revocationPayload>[0]): DocumentCase =>
    accepted("revocations", name, revocationPayload(fields), { version: 5, issuedAt: NOW - 1800, ...pick(fields) });
  return [
    taken("a list of nothing", { kids: packed(), ctis: packed() }),
    taken("the next list is due before this one was made", { next: NOW - 3600 }),
    taken("the next list was due in 1970", { next: 0 }),
    taken("the next list is due in the year 2106", { next: 2 ** 32 - 1 }),
    taken("version 0", { version: 0 }),
    // a document key goes by a new key list
    taken("a list that names the key that signed it", { kids: packed(KEYS.document.kid) }),
    taken("kids whose first bytes ascend, and whose last do not", { kids: bstr(fromHex("0000000200000100")) }),
    refused(
      "revocations",
      "kids whose last bytes ascend, and whose first do not",
      revocationPayload({ kids: bstr(fromHex("0000010000000002")) }),
    ),
    refused("revocations", "kids that do not ascend", revocationPayload({ kids: bstr(fromHex("0000000200000001")) })),
    refused("revocations", "a kid twice", revocationPayload({ kids: bstr(fromHex("0000000100000001")) })),
    refused("revocations", "a kid and a half", revocationPayload({ kids: bstr(fromHex("000000010000")) })),
    refused("revocations", "a kid and a half that ascends", revocationPayload({ kids: bstr(fromHex("00000001ffff")) })),
    refused("revocations", "half a kid", revocationPayload({ kids: bstr(fromHex("0000")) })),
    refused(
      "revocations",
      "the last two of three kids exchanged",
      revocationPayload({ kids: bstr(fromHex("000000010000000300000002")) }),
    ),
    refused("revocations", "kids in a list", revocationPayload({ kids: array(bstr(fromHex("00000001"))) })),
    refused("revocations", "ctis that do not ascend", revocationPayload({ ctis: bstr(join(second, first)) })),
    refused("revocations", "a cti twice", revocationPayload({ ctis: bstr(join(first, first)) })),
    refused("revocations", "a cti and a half", revocationPayload({ ctis: bstr(join(first, first.subarray(0, 4))) })),
    refused(
      "revocations",
      "a cti and a half that ascends",
      revocationPayload({ ctis: bstr(join(first, fromHex("ffffffff"))) }),
    ),
    refused("revocations", "half a cti", revocationPayload({ ctis: bstr(first.subarray(4)) })),
    refused("revocations", "ctis in text", revocationPayload({ ctis: tstr("01234567") })),
  ];
}

/** What was said of a list, where its case is accepted for it. */
function pick({ version, iat }: { version?: number; iat?: number } = {}): { version?: number; issuedAt?: number } {
  return { ...(version === undefined ? {} : { version }), ...(iat === undefined ? {} : { issuedAt: iat }) };
}

import type { DocumentCase } from "../schema.ts";
import { array, type Bytes, bstr, fromHex, head, join, NULL, tstr, uint } from "./bytes.ts";
import { add, BASE, encode, multiply, scalarOf, T8 } from "./curve.ts";
import { PAYLOAD, READERS, type Reader, reading, SIGNER } from "./document-case.ts";
import {
  FROM,
  KEYS,
  keyListPayload,
  LISTED,
  manifestPayload,
  NOW,
  REVOKED_CTIS,
  revocationPayload,
  SEALED,
  STOP_ITEMS,
  TO,
} from "./given.ts";
import { document, packed, sub } from "./make.ts";

// Payloads that an issuer must not write, signed by the right key.

export function documentPayloads(): DocumentCase[] {
  return [...keyLists(), ...revocationLists(), ...manifests(), ...READERS.flatMap(anyKind)];
}

function refused(read: Reader, name: string, payload: Bytes, step = "payload"): DocumentCase {
  return reading(read, name, document(read, payload, SIGNER[read]), `malformed: ${step}`);
}

// What no payload may be, whatever its kind.
function anyKind(read: Reader): DocumentCase[] {
  const good = PAYLOAD[read]();
  const versionAt = 1 + 15; // after the array's head and the issuer's name
  const with_ = (version: Bytes): Bytes => join(good.subarray(0, versionAt), version, good.subarray(versionAt + 1));
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
    refused(read, "a version that is a float", with_(fromHex("fb4014000000000000"))),
    refused(read, "a version that is minus zero", with_(fromHex("f98000"))),
    refused(read, "a negative version", with_(fromHex("20"))),
    refused(read, "a version of 2^32", with_(uint(2 ** 32))),
    refused(read, "a version in a bignum", with_(fromHex("c24105"))),
    refused(read, "a version in text", with_(tstr("5"))),
    refused(read, "a version with the tag of a time", with_(fromHex("c105"))),
    refused(read, "an issuer's name that is not UTF-8", join(good.subarray(0, 3), fromHex("c328"), good.subarray(5))),
    refused(read, "an empty issuer's name", join(good.subarray(0, 1), tstr(""), good.subarray(versionAt))),
    refused(
      read,
      "an issuer's name that ends in a space",
      join(good.subarray(0, 1), tstr("doorproof-tes "), good.subarray(versionAt)),
    ),
    refused(
      read,
      "an issuer's name of 65 characters",
      join(good.subarray(0, 1), tstr("d".repeat(65)), good.subarray(versionAt)),
    ),
  ];
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
  return [
    refused("keys", "no key", keyListPayload({ keys: [] })),
    refused("keys", "a key twice", keyListPayload({ keys: [...LISTED, [1, x, FROM, TO]] })),
    refused("keys", "one key for two uses", keyListPayload({ keys: [...LISTED, [2, x, FROM, TO]] })),
    refused("keys", "a list that ends when it begins", keyListPayload({ iat: NOW, exp: NOW })),
    refused("keys", "a root of 31 bytes", keyListPayload({ roots: [x.subarray(1)] })),
    listed("a key without a use", entry(uint(0), x)),
    listed("a key with a use of 3", entry(uint(3), x)),
    listed("a key with a use in text", entry(tstr("vouchers"), x)),
    listed("a key of 31 bytes", entry(uint(1), x.subarray(1))),
    listed("a key of 33 bytes", entry(uint(1), join(x, Uint8Array.of(0)))),
    listed("a key whose window ends when it begins", entry(uint(1), x, uint(NOW), uint(NOW))),
    listed("a key without an end", entry(uint(1), x, uint(NOW), NULL)),
    listed("a key of five items", array(uint(1), bstr(x), uint(FROM), uint(TO), NULL)),
    listed(
      "the identity for a key: anyone could sign",
      entry(uint(1), join(Uint8Array.of(1), new Uint8Array(31))),
      "keys",
    ),
    listed("a key of order 8", entry(uint(2), encode(T8)), "keys"),
    listed("a key with a torsion part", entry(uint(1), torsion), "keys"),
    listed("a key that is no point", entry(uint(1), join(Uint8Array.of(2), new Uint8Array(31))), "keys"),
  ];
}

function revocationLists(): DocumentCase[] {
  const [first, second] = REVOKED_CTIS as [Bytes, Bytes];
  return [
    refused("revocations", "kids that do not ascend", revocationPayload({ kids: bstr(fromHex("0000000200000001")) })),
    refused("revocations", "a kid twice", revocationPayload({ kids: bstr(fromHex("0000000100000001")) })),
    refused("revocations", "a kid and a half", revocationPayload({ kids: bstr(fromHex("000000010000")) })),
    refused("revocations", "kids in a list", revocationPayload({ kids: array(bstr(fromHex("00000001"))) })),
    refused("revocations", "ctis that do not ascend", revocationPayload({ ctis: bstr(join(second, first)) })),
    refused("revocations", "a cti twice", revocationPayload({ ctis: bstr(join(first, first)) })),
    refused("revocations", "a cti and a half", revocationPayload({ ctis: bstr(join(first, first.subarray(0, 4))) })),
    refused("revocations", "no ctis", revocationPayload({ ctis: NULL })),
  ];
}

function manifests(): DocumentCase[] {
  const [seal] = SEALED as [(typeof SEALED)[number]];
  const stop = (
    name: string,
    items: Partial<Record<"sub" | "label" | "window" | "salt" | "sealed", Bytes>>,
  ): DocumentCase => {
    const parts = {
      sub: sub(seal.deliveryId),
      label: NULL,
      window: NULL,
      salt: bstr(seal.salt),
      sealed: bstr(seal.sealed),
      ...items,
    };
    return refused(
      "manifest",
      name,
      manifestPayload({ stops: [array(parts.sub, parts.label, parts.window, parts.salt, parts.sealed)] }),
    );
  };
  return [
    refused("manifest", "logN 14: a cheaper search", manifestPayload({ logN: 14 })),
    refused("manifest", "logN 18: more memory than a phone has", manifestPayload({ logN: 18 })),
    refused("manifest", "logN 0", manifestPayload({ logN: 0 })),
    refused("manifest", "a delivery twice", manifestPayload({ stops: [...STOP_ITEMS, ...STOP_ITEMS.slice(0, 1)] })),
    refused("manifest", "a country with a plus", manifestPayload({ country: "+44" })),
    refused("manifest", "a country with a leading zero", manifestPayload({ country: "044" })),
    refused("manifest", "a country of four digits", manifestPayload({ country: "4444" })),
    refused("manifest", "a route without a name", manifestPayload({ route: "" })),
    refused(
      "manifest",
      "revoked ctis that do not ascend",
      manifestPayload({ revoked: bstr(fromHex("00000000000000020000000000000001")) }),
    ),
    refused("manifest", "a revoked cti and a half", manifestPayload({ revoked: bstr(new Uint8Array(12)) })),
    refused("manifest", "a stop of four items", manifestPayload({ stops: [array(NULL, NULL, NULL, NULL)] })),
    refused("manifest", "a stop that is no array", manifestPayload({ stops: [packed()] })),
    stop("a UUID as text", { sub: tstr("f81d4fae-7dec-11d0-a765-00a0c91e6bf6") }),
    stop("a delivery ID with a space", { sub: tstr("RR 1") }),
    stop("no delivery ID", { sub: NULL }),
    stop("a label of 201 characters", { label: tstr("m".repeat(201)) }),
    stop("a label that is not UTF-8", { label: join(head(3, 2), fromHex("c328")) }),
    stop("a label in bytes", { label: bstr(fromHex("4142")) }),
    stop("a window of one time", { window: array(uint(NOW)) }),
    stop("a window of three times", { window: array(uint(NOW), uint(NOW), uint(NOW)) }),
    stop("a salt of 15 bytes", { salt: bstr(new Uint8Array(15)) }),
    stop("no salt", { salt: NULL }),
    stop("a seal of 97 bytes: too short for a voucher", { sealed: bstr(new Uint8Array(97)) }),
    stop("a seal of 169 bytes: too long for a voucher", { sealed: bstr(new Uint8Array(169)) }),
  ];
}

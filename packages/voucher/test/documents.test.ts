import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type DocumentKind,
  hasEntry,
  packEntries,
  readKeyList,
  readManifest,
  readRevocationList,
  readSign1,
  toHex,
  utf8Length,
  writeKeyList,
  writeManifest,
  writeRevocationList,
  writeSign1,
} from "../src/codec.ts";
import type { KeyList, Manifest, RevocationList } from "../src/index.ts";
import { bytesOf } from "../vectors/octets.ts";
import { onlyLength } from "./only-length.ts";
import { expectRefusal } from "./refuses.ts";
import { readVectors } from "./vector-files.ts";

const uint = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.constantFrom(0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1),
);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const name = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
const packed = (length: number) =>
  fc.array(bytes(length), { maxLength: 30 }).map((entries) => packEntries(entries, length));

describe("what is written is read, for any document", () => {
  const keyList: fc.Arbitrary<KeyList> = fc
    .record({
      issuer: name,
      version: uint,
      span: fc.tuple(fc.nat(2 ** 31), fc.integer({ min: 1, max: 2 ** 31 - 1 })),
      grace: uint,
      keys: fc.uniqueArray(
        fc.record({
          use: fc.constantFrom("vouchers" as const, "documents" as const),
          publicKey: bytes(32),
          from: fc.nat(1000),
          to: fc.integer({ min: 1001, max: 5000 }),
        }),
        { minLength: 1, maxLength: 8, selector: ({ publicKey }) => toHex(publicKey) },
      ),
      roots: fc.array(bytes(32), { maxLength: 3 }),
    })
    .map(({ span: [issuedAt, life], ...list }) => ({ ...list, issuedAt, expiresAt: issuedAt + life }));
  const revocations: fc.Arbitrary<RevocationList> = fc.record({
    issuer: name,
    version: uint,
    issuedAt: uint,
    next: uint,
    kids: packed(4),
    ctis: packed(8),
  });
  // Three of them are at most 400 bytes.
  const text = fc.oneof(
    fc.constant(null),
    fc
      .string({ unit: "grapheme", maxLength: 20 })
      .filter((one) => !/^\ufeff|\p{Cc}|\p{Cs}/u.test(one) && utf8Length(one) <= 130),
  );
  const stop = fc.record({
    deliveryId: fc.oneof(fc.uuid(), fc.stringMatching(/^[!-~]{1,64}$/)),
    label: fc.record({ name: text, address: text, hint: text }),
    named: fc.option(fc.stringMatching(/^[ -~]{1,40}$/), { nil: null }),
    parcels: fc.array(fc.stringMatching(/^[!-~]{1,64}$/), { maxLength: 32 }),
    call: fc.option(fc.stringMatching(/^tel:\+[1-9][0-9]{6,14}$/), { nil: null }),
    asks: uint,
    takers: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    window: fc.oneof(fc.constant(null), fc.record({ from: uint, to: uint })),
    salt: bytes(16),
    sealed: fc.uint8Array({ minLength: 98, maxLength: 168 }),
  });
  const manifest: fc.Arbitrary<Manifest> = fc.record({
    issuer: name,
    route: name,
    version: uint,
    issuedAt: uint,
    expiresAt: uint,
    country: fc.stringMatching(/^[1-9][0-9]{0,2}$/),
    logN: fc.integer({ min: 15, max: 17 }),
    stops: fc.uniqueArray(stop, { maxLength: 10, selector: ({ deliveryId }) => deliveryId }),
    revoked: packed(8),
  });

  test("key lists", () => {
    fc.assert(fc.property(keyList, (list) => void expect(readKeyList(writeKeyList(list))).toEqual(list)));
  });
  test("revocation lists", () => {
    fc.assert(
      fc.property(revocations, (list) => void expect(readRevocationList(writeRevocationList(list))).toEqual(list)),
    );
  });
  test("manifests", () => {
    fc.assert(fc.property(manifest, (route) => void expect(readManifest(writeManifest(route))).toEqual(route)));
  });

  test("a manifest of 500 stops, and no more", () => {
    const stops = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        deliveryId: `STOP-${i}`,
        label: { name: null, address: null, hint: null },
        named: null,
        window: null,
        parcels: [],
        call: null,
        asks: 0,
        takers: 1,
        salt: new Uint8Array(16),
        sealed: new Uint8Array(116),
      }));
    const of = (count: number): Manifest => ({
      issuer: "i",
      route: "r",
      version: 1,
      issuedAt: 1,
      expiresAt: 2,
      country: "44",
      logN: 15,
      stops: stops(count),
      revoked: new Uint8Array(),
    });
    expect(readManifest(writeManifest(of(500))).stops).toHaveLength(500);
    expectRefusal("malformed: payload", () => readManifest(writeManifest(of(501))));
  });
});

describe("around a payload", () => {
  const kinds: readonly DocumentKind[] = ["manifest", "keys", "revocations", "receipt"];

  test.each(kinds)("%s: any payload up to the cap, in its shortest head", (kind) => {
    for (const length of [0, 1, 23, 24, 255, 256, 3000]) {
      const signed = {
        kid: new Uint8Array(4).fill(1),
        payload: new Uint8Array(length).fill(2),
        signature: new Uint8Array(64).fill(3),
      };
      expect(readSign1(kind, writeSign1(kind, signed))).toEqual(signed);
    }
  });

  test("a payload over 64 KiB", () => {
    const signed = { kid: new Uint8Array(4), payload: new Uint8Array(70_000), signature: new Uint8Array(64) };
    expect(readSign1("manifest", writeSign1("manifest", signed)).payload.length).toBe(70_000);
  });

  test.each([
    ["manifest", 512 * 1024],
    ["keys", 64 * 1024],
    ["revocations", 16 * 1024 * 1024],
    ["receipt", 4 * 1024],
  ] as const)("%s: the cap comes before the first read", (kind, cap) => {
    expectRefusal("malformed: length", () => readSign1(kind, onlyLength(cap + 1)));
    // and it is the cap that refuses: a byte less, and the reading begins
    expect(() => readSign1(kind, onlyLength(cap))).toThrow("was read");
    expectRefusal("malformed: frame", () => readSign1(kind, new Uint8Array(cap)));
  });

  test("every document of the vectors is taken apart and put together the same", () => {
    for (const { read, document } of readVectors().documents.filter(({ expect }) => "accepted" in expect)) {
      const bytes = bytesOf(document);
      expect(toHex(writeSign1(read, readSign1(read, bytes)))).toBe(toHex(bytes));
    }
  });
});

describe("packed entries", () => {
  // Two that differ in the last bit alone are where an order, or a search by it, goes wrong.
  const near = (entry: Uint8Array) => entry.map((byte, i) => (i === entry.length - 1 ? byte ^ 1 : byte));

  test.each([4, 8])("of %i bytes: what was packed is found, and nothing else", (length) => {
    fc.assert(
      fc.property(fc.array(bytes(length), { maxLength: 60 }), bytes(length), (entries, other) => {
        const list = packEntries(entries, length);
        const packed = new Set(entries.map(toHex));
        for (const entry of entries) expect(hasEntry(list, entry)).toBe(true);
        for (const entry of [other, ...entries.map(near)]) expect(hasEntry(list, entry)).toBe(packed.has(toHex(entry)));
        expect(list.length).toBe(packed.size * length);
      }),
    );
  });

  test("are read in ascending order, each once, and in no other", () => {
    const list = { issuer: "acme", version: 1, issuedAt: 2, next: 3, kids: new Uint8Array() };
    fc.assert(
      fc.property(fc.array(bytes(8), { minLength: 1, maxLength: 12 }), fc.nat(), (entries, drawn) => {
        const ctis = packEntries([...entries, ...entries.map(near)], 8);
        const read = (changed: Uint8Array) => readRevocationList(writeRevocationList({ ...list, ctis: changed })).ctis;
        expect(read(ctis)).toEqual(ctis);
        const at = (drawn % (ctis.length / 8 - 1)) * 8;
        const changed = ctis.slice();
        changed.set(ctis.subarray(at, at + 8), at + 8); // twice the same
        expectRefusal("malformed: payload", () => read(changed));
        changed.set(ctis.subarray(at + 8, at + 16), at); // and two exchanged
        expectRefusal("malformed: payload", () => read(changed));
      }),
    );
  });
});

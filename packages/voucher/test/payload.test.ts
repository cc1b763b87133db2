import { Encoder } from "cbor-x/index-no-eval";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPayload, toHex, writePayload } from "../src/codec.ts";
import { type Claims, isDeliveryId, Refusal } from "../src/index.ts";
import { head, join, utf8 } from "../vectors/generator/bytes.ts";
import { fromHex, readVectors } from "./vector-files.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const claims: fc.Arbitrary<Claims> = fc.record({
  deliveryId: fc.oneof(
    fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 64,
    }),
    fc.uuid(),
    fc.uuid().map((uuid) => uuid.toUpperCase()),
  ),
  expiresAt: fc.oneof(
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    fc.constantFrom(0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1),
  ),
  cti: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  phoneHash: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 4095 }), fc.constantFrom(23, 24, 255, 256)),
});

test("what is written is read, and has 14 to 84 bytes", () => {
  fc.assert(
    fc.property(claims, (claimed) => {
      const payload = writePayload(claimed);
      expect(payload.length).toBeGreaterThanOrEqual(14);
      expect(payload.length).toBeLessThanOrEqual(84);
      expect(readPayload(payload)).toEqual(claimed);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["an expiry before 1970", { expiresAt: -1 }],
  ["an expiry of 2^32", { expiresAt: 2 ** 32 }],
  ["half a second", { expiresAt: 1.5 }],
  ["no expiry", { expiresAt: Number.NaN }],
  ["a cti of 7 bytes", { cti: new Uint8Array(7) }],
  ["a phone hash of 4096", { phoneHash: 4096 }],
  ["an empty delivery ID", { deliveryId: "" }],
  ["a delivery ID of 65 characters", { deliveryId: "a".repeat(65) }],
  ["a delivery ID with a space", { deliveryId: "a b" }],
  ["a delivery ID with a line feed at its end", { deliveryId: "ab\n" }],
] as const)("cannot be written: %s", (_, wrong) => {
  const good: Claims = { deliveryId: "A", expiresAt: 1, cti: new Uint8Array(8), phoneHash: null };
  expect(() => writePayload({ ...good, ...wrong })).toThrow(RangeError);
});

// The reader against the encoder of the field: both ways, on bytes that are mostly almost right.
describe("held to cbor-x", () => {
  const cbor = new Encoder({ mapsAsObjects: false, useRecords: false, variableMapSize: true, tagUint8Array: false });

  /** A reader built the other way round: decode with cbor-x, look at the values, encode again and compare. */
  function readWithCborX(payload: Uint8Array): Claims | undefined {
    try {
      const value: unknown = cbor.decode(payload);
      if (!Array.isArray(value) || value.length !== 4 || toHex(cbor.encode(value)) !== toHex(payload)) return undefined;
      const [sub, exp, cti, phone] = value as unknown[];
      const deliveryId = sub instanceof Uint8Array && sub.length === 16 ? hyphenated(toHex(sub)) : sub;
      if (!isDeliveryId(deliveryId) || (typeof sub === "string" && UUID.test(sub))) return undefined;
      if (!isUint(exp, 2 ** 32 - 1) || !(cti instanceof Uint8Array) || cti.length !== 8) return undefined;
      if (phone !== null && !isUint(phone, 4095)) return undefined;
      return { deliveryId, expiresAt: exp, cti: new Uint8Array(cti), phoneHash: phone };
    } catch {
      return undefined;
    }
  }

  function readOwn(payload: Uint8Array): Claims | undefined {
    try {
      const read = readPayload(payload);
      return { ...read, cti: new Uint8Array(read.cti) };
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal);
      return undefined;
    }
  }

  const width = fc.constantFrom(undefined, undefined, undefined, 1, 2, 4, 8) as fc.Arbitrary<1 | 2 | 4 | 8 | undefined>;
  const edge = fc.constantFrom(
    0,
    7,
    8,
    9,
    15,
    16,
    17,
    23,
    24,
    64,
    255,
    256,
    4095,
    4096,
    65535,
    65536,
    2 ** 32 - 1,
    2 ** 32,
  );
  const number = fc
    .tuple(fc.constantFrom(0, 0, 0, 1), fc.oneof(edge, fc.nat(5000)), width)
    .map(([major, value, wide]) => {
      const bytes = wide === 8 || wide === undefined || value < 256 ** wide ? wide : 8;
      return head(major, value, bytes);
    });
  const string = fc
    .tuple(
      fc.constantFrom(2, 3),
      fc.oneof(
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        fc.uint8Array({ maxLength: 20 }),
        fc.uuid().map(utf8),
        fc.string({ maxLength: 70 }).map(utf8),
      ),
      width,
    )
    .map(([major, content, wide]) => join(head(major, content.length, wide), content));
  const simple = fc
    .constantFrom(
      "f6",
      "f7",
      "f4",
      "f5",
      "f90000",
      "fa41200000",
      "fb4014000000000000",
      "c101",
      "d83d01",
      "c24101",
      "80",
      "a0",
      "ff",
    )
    .map(fromHex);
  const item = fc.oneof(number, string, simple);
  const built = fc
    .tuple(fc.oneof(fc.constant(4), fc.nat(6)), fc.array(item, { minLength: 3, maxLength: 5 }))
    .map(([count, items]) => join(head(4, count), ...items));
  const likely = fc
    .tuple(string, number, fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.oneof(number, simple))
    .map(([sub, exp, cti, phone]) => join(head(4, 4), sub, exp, head(2, 8), cti, phone));
  const mutated = fc
    .tuple(
      fc.constantFrom(...readVectors().valid.map(({ stages }) => fromHex(stages.payload))),
      fc.nat(90),
      fc.uint8Array({ maxLength: 2 }),
      fc.nat(2),
    )
    .map(([payload, at, insert, remove]) => join(payload.subarray(0, at), insert, payload.subarray(at + remove)));
  const flipped = fc
    .tuple(claims.map(writePayload), fc.nat(83), fc.nat(255))
    .map(([payload, at, mask]) => payload.map((byte, i) => (i === at ? byte ^ mask : byte)));

  test("both take the same bytes and read the same claims", () => {
    let [taken, refused] = [0, 0];
    fc.assert(
      fc.property(fc.oneof(built, likely, mutated, flipped, fc.uint8Array({ maxLength: 84 })), (payload) => {
        const own = readOwn(payload);
        expect(own).toEqual(readWithCborX(payload));
        if (own) taken++;
        else refused++;
      }),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(500);
  });

  test("what is read is, written by cbor-x, the same bytes", () => {
    fc.assert(
      fc.property(fc.oneof(likely, mutated, flipped), (payload) => {
        const own = readOwn(payload);
        if (own) expect(toHex(writePayload(own))).toBe(toHex(payload));
      }),
      { numRuns: 5000 },
    );
  });
});

function hyphenated(digits: string): string {
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    "-",
  );
}

function isUint(value: unknown, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && !Object.is(value, -0) && value >= 0 && value <= max;
}

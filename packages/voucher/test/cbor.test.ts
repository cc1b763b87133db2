import { Encoder } from "cbor-x/index-no-eval";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CborItem, type CborProfile, decodeCbor } from "../src/cbor.ts";
import { encodeCbor } from "../src/cbor-write.ts";
import { sealContext, toHex } from "../src/codec.ts";
import { writeDeliveryId } from "../src/delivery-id.ts";
import { Refusal } from "../src/index.ts";
import { array, type Bytes, bstr, head, join, NULL, tstr, utf8 } from "../vectors/generator/bytes.ts";
import { bytesOf } from "../vectors/octets.ts";
import { ILL_FORMED, WELL_FORMED } from "./cbor-cases.ts";
import { onlyLength } from "./only-length.ts";
import { expectRefusal } from "./refuses.ts";
import { fromHex, readVectors } from "./vector-files.ts";

const PROFILES: readonly CborProfile[] = ["document", "key-set"];

// RFC 8949, appendix A: what is an item of CBOR, and whether it is one of ours.
describe.each(PROFILES)("%s: the examples of RFC 8949", (profile) => {
  test.each(WELL_FORMED)("%s, %s", (bytes, _, expected) => {
    const taken = expected.in === "both" || expected.in === profile;
    if (taken) expect(decodeCbor(fromHex(bytes), profile)).toEqual(expected.item);
    else expectRefusal("malformed: payload", () => decodeCbor(fromHex(bytes), profile));
  });

  // Appendix F: what is none, whatever follows.
  test.each(ILL_FORMED)("ill-formed: %s", (bytes) => {
    expectRefusal("malformed: payload", () => decodeCbor(fromHex(bytes), profile));
  });
});

describe("heads, lengths and depth", () => {
  const widths = [1, 2, 4, 8] as const;
  const majors = [0, 1, 2, 3, 4, 5, 7];

  test.each(majors)("major type %i in a head longer than needed", (major) => {
    for (const width of widths) {
      for (const argument of [0, 20, 22, 23, 24, 255, 256, 65_535, 65_536]) {
        if (head(major, argument).length >= 1 + width) continue;
        const bytes = join(head(major, argument, width), new Uint8Array(2 * argument));
        expectRefusal("malformed: payload", () => decodeCbor(bytes, "key-set"));
      }
    }
  });

  test.each([
    ["0", "00", 0],
    ["23", "17", 23],
    ["24", "1818", 24],
    ["2^8-1", "18ff", 255],
    ["2^8", "190100", 256],
    ["2^16-1", "19ffff", 65_535],
    ["2^16", "1a00010000", 65_536],
    ["2^32-1", "1affffffff", 2 ** 32 - 1],
    ["-1", "20", -1],
    ["-24", "37", -24],
    ["-25", "3818", -25],
    ["-2^31-1", "3a80000000", -(2 ** 31) - 1],
    ["-2^32", "3affffffff", -(2 ** 32)],
  ])("%s", (_, bytes, value) => {
    expect(decodeCbor(fromHex(bytes), "key-set")).toBe(value);
    if (value >= 0) expect(decodeCbor(fromHex(bytes), "document")).toBe(value);
    else expectRefusal("malformed: payload", () => decodeCbor(fromHex(bytes), "document"));
  });

  test("16 deep, and no deeper, with no frame of the stack for more", () => {
    const deep = (depth: number) => join(new Uint8Array(depth).fill(0x81), NULL);
    expect(JSON.stringify(decodeCbor(deep(16), "document"))).toBe(`${"[".repeat(16)}null${"]".repeat(16)}`);
    for (const depth of [17, 18, 100_000, 16_000_000]) {
      expectRefusal("malformed: payload", () => decodeCbor(deep(depth), "document"));
      expectRefusal("malformed: payload", () => decodeCbor(deep(depth), "key-set"));
    }
  });

  test("the cap comes before the first read", () => {
    for (const profile of PROFILES) {
      expectRefusal("malformed: payload", () => decodeCbor(onlyLength(16 * 1024 * 1024 + 1), profile));
      expect(() => decodeCbor(onlyLength(16 * 1024 * 1024), profile)).toThrow("was read");
    }
  });

  test("a length that is not there makes nothing of that length", () => {
    for (const major of [2, 3, 4, 5]) {
      const bytes = join(head(major, 2 ** 32 - 1), new Uint8Array(1000));
      expectRefusal("malformed: payload", () => decodeCbor(bytes, "key-set"));
    }
  });

  test("text is what a strict TextDecoder reads, less what begins with U+FEFF", () => {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: "binary", maxLength: 12 }).map(utf8),
      fc.string({ unit: "grapheme", maxLength: 4 }).map((said) => utf8(`\ufeff${said}`)),
      fc.constantFrom("c080", "eda080", "f4908080", "e282", "f0808080", "fe", "25", "2541", "ff").map(fromHex),
    );
    fc.assert(
      fc.property(text, (bytes) => {
        const expected = attempt(() => strict.decode(bytes));
        const read = attempt(() => decodeCbor(join(head(3, bytes.length), bytes), "document"));
        expect(read).toEqual(expected?.startsWith("\ufeff") ? undefined : expected);
      }),
      { numRuns: 5000 },
    );
  });
});

// The writer of our documents, and its reader, which takes far more: whatever ours takes is the same to it, both ways.
describe("held to cbor-x", () => {
  const cbor = new Encoder({ mapsAsObjects: false, useRecords: false, variableMapSize: true, tagUint8Array: false });

  const number = fc
    .tuple(fc.constantFrom(0, 0, 1), fc.oneof(fc.nat(30), fc.nat(300), fc.nat(70_000), fc.nat(2 ** 32 - 1)))
    .map(([major, argument]) => head(major, argument));
  const long = fc
    .tuple(fc.constantFrom(0, 1, 2, 3, 4, 5, 7), fc.nat(40), fc.constantFrom(1, 2, 4, 8))
    .map(([major, argument, width]) => join(head(major, argument, width as 1 | 2 | 4 | 8), new Uint8Array(argument)));
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.uint8Array({ minLength: 250, maxLength: 260 })).map(bstr);
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }).map(tstr),
    fc.uint8Array({ maxLength: 6 }).map((raw) => join(head(3, raw.length), raw)),
  );
  const simple = fc.constantFrom("f4", "f5", "f6").map(fromHex);
  const foreign = fc.constantFrom("f7", "f90000", "fb3ff8000000000000", "c101", "c24101", "ff", "9fff").map(fromHex);
  const { item } = fc.letrec<{ item: Bytes }>((tie) => ({
    item: fc.oneof(
      { maxDepth: 4 },
      { arbitrary: number, weight: 6 },
      { arbitrary: bytes, weight: 3 },
      { arbitrary: text, weight: 3 },
      { arbitrary: simple, weight: 2 },
      { arbitrary: fc.oneof(foreign, long), weight: 1 },
      { arbitrary: fc.array(tie("item"), { maxLength: 6 }).map((items) => array(...items)), weight: 4 },
      {
        arbitrary: fc
          .array(fc.tuple(fc.oneof(number, text), tie("item")), { maxLength: 5 })
          .map((members) => join(head(5, members.length), ...members.flat())),
        weight: 3,
      },
    ),
  }));

  const { documents, keySets } = readVectors();
  const good = fc.constantFrom(
    ...documents.filter(({ expect }) => "accepted" in expect).map(({ document }) => payloadOf(bytesOf(document))),
    ...keySets.flatMap(({ keys, expect }) => ("coseKeys" in keys && "kids" in expect ? [bytesOf(keys.coseKeys)] : [])),
  );
  const mutated = fc
    .tuple(fc.oneof(good, item), fc.nat(), fc.uint8Array({ maxLength: 3 }), fc.nat(3))
    .map(([bytes, drawn, insert, remove]) => {
      const at = drawn % (bytes.length + 1);
      return join(bytes.subarray(0, at), insert, bytes.subarray(at + remove));
    });
  const flipped = fc
    .tuple(fc.oneof(good, item), fc.nat(), fc.integer({ min: 1, max: 255 }))
    .map(([bytes, drawn, mask]) => bytes.map((byte, i) => (i === drawn % bytes.length ? byte ^ mask : byte)));

  test.each(PROFILES)("what is taken as %s, cbor-x reads as the same value and writes as the same bytes", (profile) => {
    let [taken, refused] = [0, 0];
    fc.assert(
      fc.property(fc.oneof(good, item, mutated, flipped, fc.uint8Array({ maxLength: 40 })), (bytes) => {
        const read = attempt(() => ({ item: decodeCbor(bytes, profile) }));
        if (!read) {
          refused++;
          return;
        }
        taken++;
        expect(plain(cbor.decode(bytes))).toEqual(plain(read.item));
        expect(toHex(cbor.encode(read.item))).toBe(toHex(bytes));
      }),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(500);
  });

  test("what cbor-x writes of what a document may hold is taken, and as that value", () => {
    const { value } = fc.letrec<{ value: CborItem }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.nat(2 ** 32 - 1),
        fc.nat(300),
        fc.string({ unit: "grapheme", maxLength: 70 }).filter((said) => !said.startsWith("\ufeff") && isUnicode(said)),
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(null, true, false),
        fc.array(tie("value"), { maxLength: 30 }),
      ),
    }));
    fc.assert(
      fc.property(value, (said) => {
        for (const profile of PROFILES) expect(decodeCbor(new Uint8Array(cbor.encode(said)), profile)).toEqual(said);
      }),
      { numRuns: 2000 },
    );
  });
});

test("the context of a seal, put together from heads, is what cbor-x writes", () => {
  const deliveryId = fc.oneof(
    fc.uuid(),
    fc.stringMatching(/^[!-~]{1,64}$/),
    fc.constantFrom("a".repeat(23), "a".repeat(24)),
  );
  fc.assert(
    fc.property(deliveryId, fc.constantFrom(15, 16, 17), (id, logN) => {
      expect(sealContext(id, logN)).toEqual(encodeCbor([writeDeliveryId(id), logN]));
    }),
  );
});

/** What stands between a document's head and its signature of 66 bytes. */
function payloadOf(document: Bytes): Bytes {
  const protectedEnd = 4 + (document[3] ?? 0) + 1; // d2 84 58 pp P a0
  const head = document[protectedEnd] ?? 0;
  const width = head === 0x58 ? 2 : head === 0x59 ? 3 : head === 0x5a ? 5 : 1;
  return document.subarray(protectedEnd + width, -66);
}

/** Buffers are byte strings like any other. */
function plain(item: unknown): unknown {
  if (item instanceof Uint8Array) return toHex(item);
  if (item instanceof Map) return new Map([...item].map(([label, value]) => [label, plain(value)]));
  return Array.isArray(item) ? item.map(plain) : item;
}

function isUnicode(text: string): boolean {
  return text.isWellFormed();
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError)) expect(error).toBeInstanceOf(Refusal);
    return undefined;
  }
}

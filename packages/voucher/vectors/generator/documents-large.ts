import type { DocumentCase, Part } from "../schema.ts";
import { array, type Bytes, bstr, fromHex, head, hex, join, NULL, tstr, uint } from "./bytes.ts";
import { READERS, type Reader, reading, SIGNER } from "./document-case.ts";
import { HOUR, keyListPayload, manifestPayload, NOW, revocationPayload } from "./given.ts";
import { document } from "./make.ts";
import { inParts } from "./parts.ts";

// Documents as long as their caps, around the lengths at which a head grows, and with the most stops there may be.

const CAP: Record<Reader, number> = { keys: 64 * 1024, revocations: 16 * 1024 * 1024, manifest: 512 * 1024 };
const REVOCATIONS = { version: 5, issuedAt: NOW - HOUR / 2 };
const MANIFEST = { version: 12, issuedAt: NOW - HOUR / 4 };

export function largeDocuments(): DocumentCase[] {
  const made = (read: Reader, payload: readonly Part[]): readonly Part[] => inParts(read, payload, SIGNER[read]);
  return [
    ...READERS.flatMap(unread),
    ...READERS.flatMap((read) => {
      const [make, expect] = FILLED[read];
      const filled = (length: number): readonly Part[] => made(read, make(length - around(read, length)));
      return [
        reading(read, "exactly as long as the cap", filled(CAP[read]), expect),
        reading(read, "a byte longer than the cap", filled(CAP[read] + 1), "malformed: length"),
      ];
    }),
    ...[255, 256, 65535, 65536].map((length) =>
      reading("revocations", `a payload of ${length} bytes`, made("revocations", revocations(length)), REVOCATIONS),
    ),
    reading("keys", "1,899 roots named", made("keys", roots(1899)), "malformed: payload"),
    reading("keys", "1,400 keys listed", made("keys", keys(1400)), "malformed: payload"),
    reading(
      "manifest",
      "500 stops at their largest, 2,000 parcels and 2,000 revoked",
      made("manifest", largest()),
      MANIFEST,
      { route: LONG_ROUTE },
    ),
    reading("manifest", "2,001 parcels in 500 stops", made("manifest", largest(1)), "malformed: payload"),
    reading("manifest", "500 stops", made("manifest", stops(500)), MANIFEST),
    reading("manifest", "501 stops", made("manifest", stops(501)), "malformed: payload"),
  ];
}

// No document at all: its length is judged before a byte of it.
function unread(read: Reader): DocumentCase[] {
  const zeros = (times: number): Part[] => [{ hex: "00", times }];
  return [
    reading(read, "zeros, as many as the cap allows", zeros(CAP[read]), "malformed: frame"),
    reading(read, "zeros, one more than the cap allows", zeros(CAP[read] + 1), "malformed: length"),
  ];
}

// Only more keys than a reader can check in a second would fill a key list, and more of anything than a manifest may
// hold would fill that: so their signatures hold, and their payloads are refused.
const FILLED: Record<Reader, readonly [make: (length: number) => readonly Part[], Parameters<typeof reading>[3]]> = {
  keys: [longName, "malformed: payload"],
  revocations: [revocations, REVOCATIONS],
  manifest: [manifest, "malformed: payload"],
};

/** How much of a document of this length is not payload. */
function around(read: Reader, length: number): number {
  const bare = document(read, new Uint8Array(0), SIGNER[read]).length - 1;
  const width = [2, 3, 5].find((bytes) => head(2, length - bare - bytes).length === bytes);
  return bare + (width ?? 1);
}

function longName(length: number): readonly Part[] {
  const rest = keyListPayload({ issuer: "" }).subarray(2);
  const times = length - 1 - 3 - rest.length;
  return [{ hex: hex(join(fromHex("87"), head(3, times))) }, { hex: "64", times }, { hex: hex(rest) }];
}

function revocations(length: number): readonly Part[] {
  const kids = [0, 1, 6, 7].map((count) =>
    bstr(Uint8Array.from({ length: 4 * count }, (_, i) => (i % 4 === 3 ? i >> 2 : 0))),
  );
  const due = [NOW + 6 * HOUR, 0, 24, 256];
  const none = bstr(new Uint8Array(0));
  return filled(
    length,
    kids.flatMap((some) => due.map((next) => revocationPayload({ kids: some, next, ctis: none }))),
  );
}

function manifest(length: number): readonly Part[] {
  const labelled = (label: string): Bytes =>
    stopOf({ sub: tstr("RR123456785DE"), label: array(tstr(label), NULL, NULL) });
  const labels = Array.from({ length: 8 }, (_, i) => "m".repeat(i));
  const none = bstr(new Uint8Array(0));
  return filled(
    length,
    labels.map((label) => manifestPayload({ stops: [labelled(label)], revoked: none })),
  );
}

/**
 * Whichever of these payloads, all of which end in an empty bstr, has this length once that is filled with ctis,
 * counted upwards.
 */
function filled(length: number, payloads: readonly Bytes[]): readonly Part[] {
  for (const payload of payloads) {
    const before = payload.subarray(0, -1);
    for (const width of [1, 2, 3, 5]) {
      const rest = length - before.length - width;
      const start = join(before, head(2, Math.max(0, rest)));
      if (rest % 8 === 0 && start.length === before.length + width)
        return [{ hex: hex(start) }, { hex: "0000000000000000", times: rest / 8, countAt: 4 }];
    }
  }
  throw new Error(`no payload of ${length} bytes`);
}

/** Each its number, and few of them a point. */
function roots(count: number): readonly Part[] {
  const before = keyListPayload({ roots: [] }).subarray(0, -1);
  return [{ hex: hex(join(before, head(4, count))) }, { hex: hex(bstr(new Uint8Array(32))), times: count, countAt: 2 }];
}

function keys(count: number): readonly Part[] {
  const good = keyListPayload({ keys: [], roots: [] });
  const key = array(uint(1), bstr(new Uint8Array(32)), uint(NOW), uint(NOW + HOUR));
  return [
    { hex: hex(join(good.subarray(0, -2), head(4, count))) },
    { hex: hex(key), times: count, countAt: 4 },
    { hex: hex(good.subarray(-1)) },
  ];
}

/** Each a UUID, which is its number. */
function stops(count: number): readonly Part[] {
  const revoked = bstr(new Uint8Array(0));
  const before = manifestPayload({ stops: [], revoked }).subarray(0, -2);
  const stop = stopOf({ sub: bstr(new Uint8Array(16)) });
  return [
    { hex: hex(join(before, head(4, count))) },
    { hex: hex(stop), times: count, countAt: 2 + 12 },
    { hex: hex(revoked) },
  ];
}

/** As much as a stop, and as many of them as a manifest, can hold; and of parcels more, if that is asked for. */
function largest(more = 0): readonly Part[] {
  const parcel = tstr("~".repeat(64));
  const label = array(tstr("n".repeat(256)), tstr("a".repeat(72)), tstr("h".repeat(72)));
  const full = { label, named: tstr("j".repeat(40)), window: array(MOST, MOST), call: tstr("tel:+442079460000123") };
  const rest = { ...full, asks: MOST, takers: MOST, sealed: bstr(new Uint8Array(168)) };
  const stop = (sub: string, parcels: number): Bytes =>
    stopOf({ ...rest, sub: tstr(sub.padStart(64, "~")), parcels: array(...Array<Bytes>(parcels).fill(parcel)) });
  const revoked = 2000;
  const manifest = { route: LONG_ROUTE, country: "999", exp: 2 ** 32 - 1 };
  const before = manifestPayload({ ...manifest, stops: [], revoked: bstr(new Uint8Array(0)) }).subarray(0, -2);
  return [
    { hex: hex(join(before, head(4, 500))) },
    { hex: hex(stop("0000", 4)), times: 499, digitsAt: 1 + 2 + 60 },
    { hex: hex(stop("last", 4 + more)) },
    { hex: hex(head(2, 8 * revoked)) },
    { hex: "0000000000000000", times: revoked, countAt: 4 },
  ];
}

const LONG_ROUTE = "r".repeat(64);
const MOST = uint(2 ** 32 - 1);

function stopOf(
  items: Partial<
    Record<"sub" | "label" | "named" | "window" | "parcels" | "call" | "asks" | "takers" | "sealed", Bytes>
  >,
): Bytes {
  const { sub = NULL, label = array(NULL, NULL, NULL), named = NULL, window = NULL, parcels = array() } = items;
  const { call = NULL, asks = uint(0), takers = uint(15), sealed = bstr(new Uint8Array(98)) } = items;
  return array(sub, label, named, window, parcels, call, asks, takers, bstr(new Uint8Array(16)), sealed);
}

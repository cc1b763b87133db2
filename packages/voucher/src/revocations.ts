import { compareBytes, toHex } from "./bytes.ts";
import { decodeCbor } from "./cbor.ts";
import { encodeCbor } from "./cbor-write.ts";
import { readBytes, readItems, readString, readUint } from "./items.ts";
import { NAME } from "./keys.ts";
import { malformed } from "./refusal.ts";
import { KID_LENGTH } from "./sign1.ts";

/** What an issuer has withdrawn (docs/format.md section 5), packed. Times are seconds since 1970. */
export interface RevocationList {
  readonly issuer: string;
  /** Grows with every list. */
  readonly version: number;
  readonly issuedAt: number;
  /** When the next list is due. */
  readonly next: number;
  /** Voucher keys, 4 bytes each, ascending. */
  readonly kids: Uint8Array;
  /** Vouchers, 8 bytes each, ascending. */
  readonly ctis: Uint8Array;
}

export const CTI_LENGTH = 8;

/**
 * A revocation list to the payload that a document key signs; {@link packEntries} sorts what it holds.
 * @throws {RangeError} a number that the format cannot carry
 */
export function writeRevocationList(list: RevocationList): Uint8Array {
  return encodeCbor([list.issuer, list.version, list.issuedAt, list.next, list.kids, list.ctis]);
}

/**
 * The payload of a revocation list, after its signature was checked, to the list.
 * @throws {Refusal} `malformed`, step `payload`
 */
export function readRevocationList(payload: Uint8Array): RevocationList {
  const [issuer, version, iat, next, kids, ctis] = readItems(decodeCbor(payload, "document"), 6);
  return {
    issuer: readString(issuer, NAME),
    version: readUint(version),
    issuedAt: readUint(iat),
    next: readUint(next),
    kids: readAscending(kids, KID_LENGTH),
    ctis: readAscending(ctis, CTI_LENGTH),
  };
}

/** Sorts entries of one length, drops repeats and packs them. */
export function packEntries(entries: readonly Uint8Array[], length: number): Uint8Array {
  const sorted = [...new Map(entries.map((entry) => [toHex(entry), entry]))].sort(([a], [b]) => (a < b ? -1 : 1));
  const packed = new Uint8Array(sorted.length * length);
  for (const [i, [, entry]] of sorted.entries()) packed.set(entry, i * length);
  return packed;
}

/** Is this entry (4 bytes of a kid, 8 of a cti) among the packed ones? A binary search. */
export function hasEntry(packed: Uint8Array, entry: Uint8Array): boolean {
  let low = 0;
  let high = packed.length / entry.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareBytes(packed, middle * entry.length, entry, 0, entry.length);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** @throws {Refusal} `malformed`, step `payload`: the search relies on the order, so disorder is refused */
export function readAscending(value: unknown, length: number): Uint8Array {
  const packed = readBytes(value, length, "many");
  for (let at = length; at < packed.length; at += length) {
    if (compareBytes(packed, at - length, packed, at, length) >= 0) malformed("payload");
  }
  return packed;
}

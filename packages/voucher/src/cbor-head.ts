import { malformed } from "./refusal.ts";

// Heads of CBOR items (RFC 8949 section 3): a major type in the top three bits, and an argument in its shortest form
// (section 4.2.1), up to 32 bits.

// Major types, each a constant of its own: a bundler puts the number in its place.
export const UINT = 0;
export const NEGATIVE = 1;
export const BYTES = 2;
export const TEXT = 3;
export const ARRAY = 4;
export const MAP = 5;
export const SIMPLE = 7;

/** Where a reader stands in its bytes. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** @throws {Refusal} `malformed`, step `payload`: cut short, longer than needed, wider than 32 bits, indefinite */
export function readHead(cursor: Cursor): readonly [major: number, argument: number] {
  const [initial = 0] = takeBytes(cursor, 1);
  const [major, info] = [initial >> 5, initial & 31];
  if (info < 24) return [major, info];
  // 27 is 64 bits wide, 28 to 30 are reserved, 31 begins what is ended by a break.
  if (info > 26) malformed("payload");
  const width = 1 << (info - 24);
  const argument = takeBytes(cursor, width).reduce((sum, byte) => sum * 256 + byte, 0);
  // What a head of half the width still carries must be in that one.
  if (argument < (width === 1 ? 24 : 2 ** (4 * width))) malformed("payload");
  return [major, argument];
}

/** The next bytes, which are not copied. */
export function takeBytes(cursor: Cursor, length: number): Uint8Array {
  const taken = cursor.bytes.subarray(cursor.at, cursor.at + length);
  if (taken.length < length) malformed("payload");
  cursor.at += length;
  return taken;
}

/** @param argument at most 2^32-1 */
export function writeHead(major: number, argument: number): Uint8Array {
  const type = major << 5;
  if (argument < 24) return Uint8Array.of(type + argument);
  if (argument < 0x100) return Uint8Array.of(type + 24, argument);
  if (argument < 0x10000) return Uint8Array.of(type + 25, argument >> 8, argument & 0xff);
  return Uint8Array.of(type + 26, argument >>> 24, (argument >> 16) & 0xff, (argument >> 8) & 0xff, argument & 0xff);
}

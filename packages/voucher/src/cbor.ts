import { toHex } from "./bytes.ts";
import { ARRAY, BYTES, type Cursor, MAP, NEGATIVE, readHead, SIMPLE, TEXT, takeBytes, UINT } from "./cbor-head.ts";
import { malformed } from "./refusal.ts";

/** What is read. Negative numbers and maps come out of key sets alone. */
export type CborItem = number | string | boolean | null | Uint8Array | readonly CborItem[] | CborMap;

export type CborMap = ReadonlyMap<number | string, CborItem>;

/** A COSE_KeySet is made of maps and has negative labels; no document of ours has either. */
export type CborProfile = "document" | "key-set";

/**
 * Deterministic CBOR (RFC 8949 section 4.2.1), read by what our documents may hold and nothing else, so that whatever
 * comes out has this one encoding: integers from 0, in key sets from -2^32, to 2^32-1; byte strings; text in UTF-8 that
 * does not begin with U+FEFF; true, false, null; arrays; in key sets maps, each label once, a number or a text. (Labels
 * may stand in any order: COSE asks for none.) A general decoder takes what it should refuse, and builds tags' objects
 * from it: that a reader of shapes throws these away again is one forgotten field away from being wrong.
 *
 * @param bytes at most 16 MiB, nested at most 16 deep; byte strings that come out are parts of it, not copies
 * @throws {Refusal} `malformed`, step `payload`
 */
export function decodeCbor(bytes: Uint8Array, profile: CborProfile): CborItem {
  if (bytes.length > MAX_LENGTH) malformed("payload");
  const cursor = { bytes, at: 0 };
  const item = readItem(cursor, profile, 1);
  if (cursor.at !== bytes.length) malformed("payload");
  return item;
}

/** The longest document that there is, a revocation list. */
const MAX_LENGTH = 16_777_216;
/** An array or a map in itself is 1 deep. */
const MAX_DEPTH = 16;

function readItem(cursor: Cursor, profile: CborProfile, depth: number): CborItem {
  const [major, argument] = readHead(cursor);
  if (major === UINT) return argument;
  if (major === BYTES) return takeBytes(cursor, argument);
  if (major === TEXT) return decodeUtf8(takeBytes(cursor, argument));
  if (major === SIMPLE) return readSimple(argument);
  if (major === NEGATIVE && profile === "key-set") return -1 - argument;
  if (depth > MAX_DEPTH) malformed("payload");
  // Each item has a byte at least, so what a head announces is never more work than the bytes that are there.
  if (argument > cursor.bytes.length - cursor.at) malformed("payload");
  if (major === ARRAY) return Array.from({ length: argument }, () => readItem(cursor, profile, depth + 1));
  if (major === MAP && profile === "key-set") return readMap(cursor, argument, depth);
  malformed("payload");
}

function readMap(cursor: Cursor, members: number, depth: number): CborMap {
  const map = new Map<number | string, CborItem>();
  for (let i = 0; i < members; i++) {
    const label = readItem(cursor, "key-set", depth + 1);
    if (typeof label !== "number" && typeof label !== "string") malformed("payload");
    if (map.has(label)) malformed("payload");
    map.set(label, readItem(cursor, "key-set", depth + 1));
  }
  return map;
}

function readSimple(value: number): boolean | null {
  if (value === 22) return null;
  return value === 20 || value === 21 ? value === 21 : malformed("payload");
}

/** By the language, which refuses all that is not UTF-8; a TextDecoder would have to be told not to mend it. */
function decodeUtf8(bytes: Uint8Array): string {
  let text: string;
  try {
    text = decodeURIComponent(toHex(bytes).replace(/../g, "%$&"));
  } catch {
    malformed("payload");
  }
  // Many decoders drop a byte order mark, so two texts would be one to them.
  return text.startsWith("\ufeff") ? malformed("payload") : text;
}

import { Encoder } from "cbor-x/index-no-eval";
import { equalBytes } from "./bytes.ts";
import { malformed } from "./refusal.ts";

/** The values that our payloads are made of: no maps, floats, tags or booleans. */
export type Cbor = number | string | null | Uint8Array | readonly Cbor[];

// The no-eval door: the main one runs `new Function` at load (a CSP violation) and loads a native addon that malformed
// input can abort. tagUint8Array off, or byte strings come out under tag 64; records off, or cbor-x invents tags of its
// own.
const cbor = new Encoder({ mapsAsObjects: false, useRecords: false, variableMapSize: true, tagUint8Array: false });

/**
 * Deterministic CBOR (RFC 8949 section 4.2.1).
 * @throws {RangeError} an integer outside 0 to 2^32-1: cbor-x writes larger ones as floats
 */
export function encodeCbor(value: Cbor): Uint8Array {
  refuseWideNumbers(value);
  // cbor-x answers with a Buffer in a shared pool: copied, so that nobody gets at the pool through `.buffer`.
  return new Uint8Array(cbor.encode(value));
}

/**
 * Reads the payload of a signed document **whose signature has been checked**: cbor-x takes duplicates, bignums,
 * invalid UTF-8 and tags that build objects. What is not deterministic is refused by encoding it again.
 *
 * @throws {Refusal} `malformed`, step `payload`
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  const value = attempt(() => cbor.decode(bytes));
  if (
    !equalBytes(
      attempt(() => cbor.encode(value)),
      bytes,
    )
  )
    malformed("payload");
  return value;
}

// What follows takes decoded values apart; each refuses with `malformed`, step `payload`.

/** An array of exactly `count` items. */
export function readItems(value: unknown, count: number): readonly unknown[] {
  const items = readList(value);
  if (items.length !== count) malformed("payload");
  return items;
}

export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : malformed("payload");
}

/** An integer from 0 to `max`, at most 2^32-1. */
export function readUint(value: unknown, max = 0xffffffff): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > max) {
    malformed("payload");
  }
  return value;
}

export function readString(value: unknown, pattern: RegExp): string {
  if (typeof value !== "string" || !pattern.test(value)) malformed("payload");
  return value;
}

/** A byte string of a length that is `unit` bytes, or with `many` any number of units. */
export function readBytes(value: unknown, unit: number, many?: "many"): Uint8Array {
  const fits = value instanceof Uint8Array && (many ? value.length % unit === 0 : value.length === unit);
  return fits ? new Uint8Array(value) : malformed("payload");
}

function refuseWideNumbers(value: Cbor): void {
  if (Array.isArray(value)) for (const item of value) refuseWideNumbers(item);
  const wide = typeof value === "number" && !(Number.isInteger(value) && value >= 0 && value <= 0xffffffff);
  if (wide) throw new RangeError("numbers in a payload are integers from 0 to 2^32-1");
}

function attempt<T>(codec: () => T): T {
  try {
    return codec();
  } catch {
    malformed("payload");
  }
}

import { Encoder } from "cbor-x/index-no-eval";

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

function refuseWideNumbers(value: Cbor): void {
  if (Array.isArray(value)) for (const item of value) refuseWideNumbers(item);
  const wide = typeof value === "number" && !(Number.isInteger(value) && value >= 0 && value <= 0xffffffff);
  if (wide) throw new RangeError("numbers in a payload are integers from 0 to 2^32-1");
}

import { malformed } from "./refusal.ts";

// Takes decoded values apart; each refuses with `malformed`, step `payload`.

/** An array of exactly `count` items. */
export function readItems(value: unknown, count: number): readonly unknown[] {
  const items = readList(value);
  if (items.length !== count) malformed("payload");
  return items;
}

/** An array of at most `most` items. */
export function readList(value: unknown, most: number = Number.POSITIVE_INFINITY): readonly unknown[] {
  return Array.isArray(value) && value.length <= most ? value : malformed("payload");
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

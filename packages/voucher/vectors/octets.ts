import { hexToBytes } from "@noble/hashes/utils.js";
import type { Octets } from "./schema.ts";

/**
 * Byte strings of the vectors, told as hex or in parts (README.md). Asks nothing of the platform: every runtime reads
 * them.
 */
export function bytesOf(octets: Octets): Uint8Array {
  if (typeof octets === "string") return hexToBytes(octets);
  const parts = octets.map(({ hex, times = 1, countAt, digitsAt }) => {
    const one = hexToBytes(hex);
    const part = new Uint8Array(one.length * times);
    for (let i = 0; i < times; i++) {
      part.set(one, one.length * i);
      if (countAt !== undefined) new DataView(part.buffer).setUint32(one.length * i + countAt, i);
      if (digitsAt !== undefined) {
        for (let d = 3, rest = i; d >= 0; d--, rest = Math.floor(rest / 10))
          part[one.length * i + digitsAt + d] = 0x30 + (rest % 10);
      }
    }
    return part;
  });
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

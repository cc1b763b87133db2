import { hexToBytes } from "@noble/hashes/utils.js";
import type { Octets } from "./schema.ts";

/**
 * Byte strings of the vectors, told as hex or in parts (README.md). Asks nothing of the platform: every runtime reads
 * them.
 */
export function bytesOf(octets: Octets): Uint8Array {
  if (typeof octets === "string") return hexToBytes(octets);
  const parts = octets.map(({ hex, times = 1, countAt }) => {
    const one = hexToBytes(hex);
    const part = new Uint8Array(one.length * times);
    for (let i = 0; i < times; i++) {
      part.set(one, one.length * i);
      if (countAt !== undefined) new DataView(part.buffer).setUint32(one.length * i + countAt, i);
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

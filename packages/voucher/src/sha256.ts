import { _SHA256 } from "@noble/hashes/sha2.js";
import { concat } from "./bytes.ts";

// The bare class and RFC 2104 in four lines, and not noble's wrappers: they cost a verifier in a browser 0.7 kB of its
// 10.

export function sha256(message: Uint8Array): Uint8Array {
  return new _SHA256().update(message).digest();
}

/** HMAC-SHA-256 (RFC 2104) under a key of at most 64 bytes, one block. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  const pad = (byte: number) => Uint8Array.from({ length: 64 }, (_, i) => byte ^ (key[i] ?? 0));
  return sha256(concat(pad(0x5c), sha256(concat(pad(0x36), message))));
}

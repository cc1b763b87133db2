import base45 from "base45";
import { TEXT_PREFIX } from "./text.ts";

// A file of its own, because the encoder is CommonJS and does not shake: a verifier of vouchers must not carry it.

/** The only text form of a voucher: what the QR carries, in alphanumeric mode (docs/format.md section 1). */
export function writeText(voucher: Uint8Array): string {
  return TEXT_PREFIX + encodeBase45(voucher);
}

/** RFC 9285 section 4, by the npm package. */
export function encodeBase45(bytes: Uint8Array): string {
  return base45.encode(bytes);
}

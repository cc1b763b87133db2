import { decodeBase45 } from "./base45.ts";
import { malformed } from "./refusal.ts";

/** What every voucher text begins with: the format and its version. */
export const TEXT_PREFIX = "DP1:";

/** In octets, all of them ASCII: the longest voucher has 152 bytes, 228 of base45 after the prefix. */
export const MAX_TEXT_LENGTH = 232;

/**
 * ASCII alone, so that octets, code points and UTF-16 units are one count, and that it does not matter how a scanner's
 * bytes became a string: whatever a decoder makes of a byte from 80 on, this refuses it.
 */
const TEXT = /^DP1:\p{ASCII}{0,228}$/u;

/**
 * Step 1 of reading. Takes a value of any type, because scanners and callers may hand over anything. Nothing is trimmed
 * or folded: a text that differs in one character is another text.
 *
 * @returns the bytes of a voucher of which nothing has been checked
 * @throws {Refusal} `malformed`, step `text` (no voucher at all) or `base45`
 */
export function readText(text: unknown): Uint8Array<ArrayBuffer> {
  if (typeof text !== "string" || !TEXT.test(text)) malformed("text");
  return decodeBase45(text.slice(TEXT_PREFIX.length));
}

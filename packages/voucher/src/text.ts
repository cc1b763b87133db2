import { decodeBase45 } from "./base45.ts";
import { malformed } from "./refusal.ts";

/** What every voucher text begins with: the format and its version. */
export const TEXT_PREFIX = "DP1:";

/** In characters: the longest voucher has 152 bytes, 228 of base45 after the prefix. */
export const MAX_TEXT_LENGTH = 232;

/**
 * In code points, not UTF-16 units: else a text of 200 emoji would be "no voucher" here and "damaged" in a language
 * whose strings are UTF-8.
 */
const TEXT = /^DP1:.{0,228}$/su;

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

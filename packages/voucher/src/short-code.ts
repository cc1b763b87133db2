import { Refusal } from "./refusal.ts";
import { foldTyped, isTyped } from "./typed.ts";

/** Crockford's base32: no I, L, O, U, so that no character is mistaken for another when it is read aloud or typed. */
export const CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Nine digits carry 45 bits, the tenth checks them. */
export const CODE_DIGITS = 9;

/**
 * The first 45 bits of `bits`, as nine digits and their check digit.
 * @param bits at least 6 bytes, from an HMAC or a CSPRNG
 * @returns ten characters, no hyphen
 */
export function writeShortCode(bits: Uint8Array): string {
  if (bits.length < 6) throw new RangeError("a short code takes 45 bits");
  const digits = Array.from({ length: CODE_DIGITS }, (_, i) => {
    const bit = i * 5;
    const pair = ((bits[bit >> 3] ?? 0) << 8) | (bits[(bit >> 3) + 1] ?? 0);
    return (pair >> (11 - (bit & 7))) & 31;
  });
  return [...digits, checkDigit(digits)].map((digit) => CODE_ALPHABET[digit]).join("");
}

/** As it is shown and sent: `7KQ4M-2XN8P`. */
export function formatShortCode(code: string): string {
  return `${code.slice(0, 5)}-${code.slice(5)}`;
}

/**
 * What a person typed, to the ten characters; grouping, case and look-alike letters are forgiven, nothing else is. It
 * needs no KDF run and counts as no try.
 * @throws {Refusal} `code-mistyped`: a wrong character, a swap, one too many or too few
 */
export function readShortCode(typed: unknown): string {
  if (!isTyped(typed)) mistyped();
  const code = foldTyped(typed)
    // Not of the whole text: that makes SS of a sharp s, and differs from language to language.
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1");
  const digits = Array.from(code, (character) => CODE_ALPHABET.indexOf(character));
  if (digits.length !== CODE_DIGITS + 1 || digits.includes(-1)) mistyped();
  if (checkDigit(digits.slice(0, CODE_DIGITS)) !== digits[CODE_DIGITS]) mistyped();
  return code;
}

// GF(32), x^5 + x^3 + 1: weights that differ from place to place, so every wrong digit and every swap of any two is
// caught.
function checkDigit(digits: readonly number[]): number {
  let check = 0;
  for (const digit of digits) {
    check = (check ^ digit) << 1;
    if (check & 32) check ^= 0x29;
  }
  return check;
}

function mistyped(): never {
  throw new Refusal("code-mistyped", {});
}

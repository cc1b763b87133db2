import { malformed } from "./refusal.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/** Digits by character code; undefined where the character is no digit. */
const DIGITS: number[] = [];
for (const [digit, character] of [...ALPHABET].entries()) DIGITS[character.charCodeAt(0)] = digit;

/**
 * RFC 9285 section 4, strict: one text for each byte string. Our own, because the npm package's decoder validates
 * nothing, and a lenient reader gives one voucher many texts.
 *
 * @throws {Refusal} `malformed`, step `base45`: a character outside the alphabet, a length no encoder gives, a group
 * out of range.
 */
export function decodeBase45(text: string): Uint8Array<ArrayBuffer> {
  const rest = text.length % 3;
  if (rest === 1) malformed("base45");
  const triplets = text.length - rest;
  const bytes = new Uint8Array((triplets / 3) * 2 + (rest === 2 ? 1 : 0));
  let at = 0;
  for (let i = 0; i < triplets; i += 3) {
    const value = digit(text, i) + 45 * digit(text, i + 1) + 2025 * digit(text, i + 2);
    if (value > 0xffff) malformed("base45");
    bytes[at++] = value >> 8;
    bytes[at++] = value & 0xff;
  }
  if (rest === 2) {
    const value = digit(text, triplets) + 45 * digit(text, triplets + 1);
    if (value > 0xff) malformed("base45");
    bytes[at] = value;
  }
  return bytes;
}

function digit(text: string, index: number): number {
  return DIGITS[text.charCodeAt(index)] ?? malformed("base45");
}

// Not @noble/hashes/utils: its argument checks would add half a kilobyte to every verifier.

/** The parts one after the other, copied into a new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Characters up to U+00FF, a byte each; of others only the low eight bits are kept, so it is for text that is known to
 * be ASCII.
 */
export function ascii(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** How many bytes a text has in UTF-8; it holds no half of a surrogate pair. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Each half of a pair counts two of the four bytes of its character.
    length += unit < 0x80 ? 1 : unit < 0x800 || (unit & 0xf800) === 0xd800 ? 2 : 3;
  }
  return length;
}

/** Lower case, two digits a byte: how kid and cti are written wherever they are text. */
export function toHex(bytes: Uint8Array): string {
  // Not Array.from and join: each verdict writes three of them, and this takes a quarter of the time.
  let text = "";
  for (const byte of bytes) text += (byte + 256).toString(16).slice(1);
  return text;
}

/**
 * The bytes of such a text, in either case.
 * @throws {RangeError} not pairs of hex digits
 */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new RangeError("not pairs of hex digits");
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** Not in constant time: for what is public on both sides. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, 0, b, 0, a.length) === 0;
}

/**
 * The order of two stretches of `length` bytes, in place: below 0, 0 or above 0. Comparing hex, or through a callback,
 * took 8 seconds for two million entries, the longest revocation list allowed.
 */
export function compareBytes(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): number {
  for (let i = 0; i < length; i++) {
    const order = (a[aAt + i] ?? 0) - (b[bAt + i] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

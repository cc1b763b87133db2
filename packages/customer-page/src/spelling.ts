import type { Catalogue } from "./catalogue.ts";

/**
 * `word` is printed beside the character, `said` is what a screen reader says for both: "K Kilo", but "seven" and not
 * "7 seven".
 */
export type Spelled = { character: string; word: string; said: string };

/**
 * A short code for the voice.
 * @param shortCode ten characters, no hyphen
 * @throws {RangeError} on a character that no code has
 */
export function spellCode(shortCode: string, { spelling }: Pick<Catalogue, "spelling">): Spelled[] {
  const words = new Map(Object.entries(spelling));
  return Array.from(shortCode, (character) => {
    const word = words.get(character);
    if (word === undefined) throw new RangeError("a short code is written in Crockford's base32");
    return { character, word, said: /\d/.test(character) ? word : `${character} ${word}` };
  });
}

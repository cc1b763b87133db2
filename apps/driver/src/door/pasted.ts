import { readShortCode } from "@doorproof/voucher";

/** Ten characters in two groups, or in one, that are part of no link and no longer word. */
const DIGIT = "[0-9A-Z\\uff10-\\uff19\\uff21-\\uff3a]";
const HYPHEN = "[-\\u2010-\\u2015\\u2212\\uff0d]";
const ALONE = "[\\p{L}\\p{N}/_=-]";
const GROUPED = new RegExp(`(?<!${ALONE})${DIGIT}{5}${HYPHEN}${DIGIT}{5}(?!${ALONE})`, "giu");
const WHOLE = new RegExp(`(?<!${ALONE})${DIGIT}{10}(?!${ALONE})`, "giu");

/** As long as ten SMS; a longer text is no message. */
const MAX_LENGTH = 1600;

/**
 * The short code in what was typed or pasted: the code alone in any spelling, or the whole SMS around it.
 *
 * One word of ten letters in 32 has a right check digit, so the spelling with a hyphen, as in the SMS, is looked for
 * first.
 *
 * @returns ten characters
 * @throws {Refusal} `code-mistyped`
 */
export function findShortCode(typed: string): string {
  const alone = read(typed);
  if (alone !== null) return alone;
  const text = typed.slice(0, MAX_LENGTH);
  for (const [candidate] of [...text.matchAll(GROUPED), ...text.matchAll(WHOLE)]) {
    const code = read(candidate);
    if (code !== null) return code;
  }
  return readShortCode(typed);
}

function read(text: string): string | null {
  try {
    return readShortCode(text);
  } catch {
    return null;
  }
}

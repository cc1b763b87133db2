/** Code points of a short code or a phone number as it is typed; a longer text is neither. */
const MAX_TYPED = 64;

/**
 * Whether this is anything that a person may have typed for a code or a number: text of at most 64 code points, counted
 * before it is folded. Counted here in UTF-16 units: what takes two of them is part of no code and no number.
 */
export function isTyped(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_TYPED;
}

/**
 * What a person typed, without the spaces and hyphens that group it, and full-width characters as ASCII (docs/format.md
 * section 3).
 *
 * By a closed list, and not by NFKC, \s or toUpperCase: those are another list with each version of Unicode, and then
 * a phone's age decides which codes are right.
 */
export function foldTyped(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\t-\r \u00a0\u2000-\u200a\u202f\u205f\u3000\-\u2010-\u2015\u2212]/g, "");
}

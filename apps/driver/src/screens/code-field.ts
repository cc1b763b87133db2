import { foldTyped } from "@doorproof/voucher/codec";
import { findShortCode } from "../door/pasted.ts";

/** The field's text, and the caret's place in it. */
export interface Typed {
  readonly text: string;
  readonly caret: number;
}

/** Characters before the hyphen. */
const GROUP = 5;
export const WHOLE = 10;

/** Typing adds one character at a time; a text that grows by more was pasted. */
const PASTED = 12;

/**
 * Arranges what was typed in groups, as the message shows it. The caret keeps its place among the characters when
 * hyphens come and go: it must not jump to the end while somebody corrects the middle.
 *
 * @param raw the field as the keyboard left it, and the caret in it
 */
export function arrange(raw: Typed): Typed {
  if (raw.text.length > PASTED) {
    const pasted = codeIn(raw.text);
    if (pasted !== null) return { text: group(pasted), caret: WHOLE + 1 };
  }
  const text = characters(raw.text);
  // Limited, because a caret between a letter and its combining accent counts one character too many.
  const before = Math.min(characters(raw.text.slice(0, raw.caret)).length, text.length);
  return { text: group(text), caret: before > GROUP ? before + 1 : before };
}

/**
 * Deletes one character, in either direction. Beside the hyphen it takes the character behind it: deleting the hyphen
 * alone does nothing, since it is put back at once.
 * @returns null where the browser's own deletion does
 */
export function erase({ text, caret }: Typed, direction: "backward" | "forward"): Typed | null {
  if (direction === "backward" && text[caret - 1] === "-") {
    return arrange({ text: text.slice(0, caret - 2) + text.slice(caret), caret: caret - 2 });
  }
  if (direction === "forward" && text[caret] === "-") {
    return arrange({ text: text.slice(0, caret) + text.slice(caret + 2), caret });
  }
  return null;
}

/**
 * The characters of the code, as they are read: O is 0, I and L are 1. A U, which no code has, stays, so that people
 * see their mistake.
 */
export function characters(text: string): string {
  return foldTyped(text)
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1");
}

/** @returns ten characters with a right check digit, or null */
export function codeIn(text: string): string | null {
  try {
    return findShortCode(text);
  } catch {
    return null;
  }
}

function group(code: string): string {
  return code.length > GROUP ? `${code.slice(0, GROUP)}-${code.slice(GROUP)}` : code;
}

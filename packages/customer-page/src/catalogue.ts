/** Crockford's base32, of which a short code is made: no I, L, O, U. */
type CodeCharacter =
  | ("0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9")
  | ("A" | "B" | "C" | "D" | "E" | "F" | "G" | "H" | "J" | "K" | "M")
  | ("N" | "P" | "Q" | "R" | "S" | "T" | "V" | "W" | "X" | "Y" | "Z");

type Notice = { readonly title: string; readonly text: string };

/** All that the page says, in one language. A key that a language lacks is a type error. */
export type Catalogue = {
  /** For dates; the language itself, or the region whose clock and calendar most of its readers expect. */
  readonly locale: string;
  readonly dir: "ltr" | "rtl";
  readonly title: string;
  readonly lead: string;
  readonly qr: string;
  readonly code: string;
  readonly rule: string;
  readonly nobody: string;
  readonly refuse: string;
  readonly spell: string;
  readonly validUntil: string;
  readonly trouble: string;
  readonly savePicture: string;
  readonly saveForPrint: string;
  readonly used: Notice;
  readonly expired: Notice;
  readonly withdrawn: Notice;
  readonly unknown: Notice;
  /** One word a character, distinct by ear; a letter's word begins with the letter. */
  readonly spelling: Readonly<Record<CodeCharacter, string>>;
};

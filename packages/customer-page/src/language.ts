import type { Catalogue } from "./catalogue.ts";
import { de } from "./languages/de.ts";
import { en } from "./languages/en.ts";
import { fr } from "./languages/fr.ts";
import { pt } from "./languages/pt.ts";

/** In the order of preference when a reader takes any. */
export const languages = ["en", "de", "fr", "pt"] as const;

export type Language = (typeof languages)[number];

export const catalogues: Readonly<Record<Language, Catalogue>> = { en, de, fr, pt };

/** Browsers send under 200 characters; whoever sends far more gets the default, without being parsed. */
const MAX_HEADER_LENGTH = 1_000;

type Range = { tag: string; quality: number };

/**
 * The language of a reader, by RFC 9110 section 12.5.4 and the lookup of RFC 4647 section 3.4: the range with the
 * highest quality, the earlier one of equals, region and script dropped (`pt-BR` is served `pt`). Ranges that are not
 * well formed are passed over; nobody is refused a page for a header.
 */
export function chooseLanguage(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined || acceptLanguage.length > MAX_HEADER_LENGTH) return languages[0];
  const ranges = acceptLanguage.split(",").flatMap(readRange);
  const refused = new Set(ranges.filter(({ quality }) => quality === 0).map(({ tag }) => tag));
  const wanted = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  for (const { tag } of wanted) {
    const language = languages.find(
      (each) => !refused.has(each) && (tag === "*" ? !isNamed(each, ranges) : each === primary(tag)),
    );
    if (language !== undefined) return language;
  }
  return languages[0];
}

function readRange(text: string): Range[] {
  const [, tag, quality = "1"] =
    /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i.exec(text) ?? [];
  return tag === undefined ? [] : [{ tag: tag.toLowerCase(), quality: Number(quality) }];
}

// "*" stands for the languages that no other range names.
function isNamed(language: Language, ranges: readonly Range[]): boolean {
  return ranges.some(({ tag }) => primary(tag) === language);
}

function primary(tag: string): string {
  return tag.split("-", 1)[0] ?? tag;
}

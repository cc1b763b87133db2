import { type Catalogue, PAGE_CODES } from "./catalogue.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { pt } from "./pt.ts";

/** In the order in which they are offered; the first is taken when a phone speaks none of them. */
export const CATALOGUES = { en, de, fr, pt } as const satisfies Record<string, Catalogue>;

export type Language = keyof typeof CATALOGUES;

export const LANGUAGES = Object.keys(CATALOGUES) as Language[];

/** A page without a network says the same, but for what to do next: some refusals have another remedy there. */
export function wordsIn(language: Language, { network }: { network: boolean }): Catalogue {
  return network ? CATALOGUES[language] : WITHOUT_NETWORK[language];
}

const WITHOUT_NETWORK = Object.fromEntries(
  Object.entries<Catalogue>(CATALOGUES).map(([language, words]) => {
    const { next, notPersisted } = words.page;
    const refusals = { ...words.refusals };
    for (const code of PAGE_CODES) refusals[code] = { ...refusals[code], next: next[code] };
    return [language, { ...words, refusals, status: { ...words.status, notPersisted } }];
  }),
) as Record<Language, Catalogue>;

/** What was chosen by hand, else the first of the phone's own languages that there is. */
export function chooseLanguage(kept: string | null, wanted: readonly string[]): Language {
  const tags = kept === null ? wanted : [kept, ...wanted];
  const primary = tags.map((tag) => tag.split("-", 1)[0]?.toLowerCase());
  return primary.find((tag): tag is Language => tag !== undefined && Object.hasOwn(CATALOGUES, tag)) ?? "en";
}

import { describe, expect, test } from "vitest";
import { chooseLanguage } from "../src/index.ts";
import { catalogues } from "../src/language.ts";

describe("Accept-Language", () => {
  test.each<[header: string | undefined, language: string, because: string]>([
    [undefined, "en", "no header"],
    ["", "en", "an empty one"],
    ["de", "de", "one language"],
    ["pt-BR", "pt", "region dropped"],
    ["de-Latn-AT-1996", "de", "script, region and variant dropped"],
    ["DE-de", "de", "tags have no case"],
    ["fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr", "the example everyone copies"],
    ["en;q=0.5, de", "de", "no q is 1"],
    ["en;q=0.5,de;q=0.51", "de", "two decimals"],
    ["de;q=0.001,pt;q=0.002", "pt", "three decimals"],
    ["pt;q=0.8, fr;q=0.8", "pt", "of equals the earlier"],
    ["fr;q=0.8, pt;q=0.8", "fr", "of equals the earlier, turned round"],
    ["sv, da;q=0.9, de;q=0.3", "de", "the best that there is"],
    ["sv, da", "en", "none that there is"],
    ["deu, fra", "en", "three-letter codes are other tags"],
    ["den", "en", "a tag that begins like one is not one"],
    ["*", "en", "any"],
    ["en;q=0, *", "de", "any but English"],
    ["*;q=0.5, en;q=0.2, de;q=0.1", "fr", "any stands for what is not named"],
    ["de;q=0, fr;q=0.1", "fr", "q=0 is a refusal"],
    ["de-AT;q=0, de", "de", "refusing a region refuses no language"],
    ["*;q=0", "en", "whoever refuses all still gets a page"],
    ["de ; q=0.2 , fr ; q = 0.4", "fr", "blanks"],
    ["de;q=2, fr;q=0.1", "fr", "a quality over 1 is none"],
    ["de;q=-1, fr;q=0.1", "fr", "below 0"],
    ["de;q=0.1234, fr;q=0.1", "fr", "four decimals"],
    ["de;q=1.001, fr;q=0.1", "fr", "just over 1"],
    ["de;level=1, fr;q=0.1", "fr", "a parameter that there is not"],
    ["<script>, fr", "fr", "rubbish passed over"],
    ["__proto__, constructor, fr;q=0.1", "fr", "names of objects are no languages"],
    [",,, ,fr", "fr", "empty elements, which lists may have"],
    [`fr${",de".repeat(400)}`, "en", "too long to read"],
  ])("%j is served %s: %s", (header, language) => {
    expect(chooseLanguage(header)).toBe(language);
  });
});

describe("catalogues", () => {
  const all = Object.entries(catalogues);

  test.each(all)("%s says everything", (_, catalogue) => {
    const texts = Object.values(catalogue).flatMap((entry) =>
      typeof entry === "string" ? [entry] : Object.values(entry),
    );
    for (const text of texts) expect(text).toMatch(/^\S(.*\S)?$/u);
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(catalogues.en).sort());
  });

  test.each(all)("%s spells 32 characters by 32 words, a letter by a word that begins with it", (_, { spelling }) => {
    const entries = Object.entries(spelling);
    expect(entries.map(([character]) => character).join("")).toBe("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    expect(new Set(entries.map(([, word]) => word)).size).toBe(32);
    for (const [character, word] of entries.slice(10)) expect(word.normalize("NFD")[0]).toBe(character);
  });

  test.each(all.filter(([language]) => language !== "en"))("%s is not English left standing", (_, catalogue) => {
    const { locale: _l, dir: _d, spelling: _s, ...words } = catalogue;
    for (const [key, text] of Object.entries(words)) expect(text).not.toEqual(catalogues.en[key as keyof typeof words]);
  });
});

import { REFUSAL_CODES } from "@doorproof/voucher";
import { describe, expect, test } from "vitest";
import { count, fill, formatAge, formatTime } from "../../src/languages/format.ts";
import { CATALOGUES, chooseLanguage, LANGUAGES } from "../../src/languages/language.ts";
import { TONES, toResultText } from "../../src/screens/result-text.ts";
import { OUTCOMES } from "../fixtures/outcomes.ts";

const NOW = 1_795_428_000;

test("the table of outcomes has every kind and every code", () => {
  expect(new Set(OUTCOMES.map(({ outcome }) => outcome.kind))).toEqual(new Set(Object.keys(TONES)));
  const codes = OUTCOMES.flatMap(({ outcome }) => (outcome.kind === "refuse" ? [outcome.code] : []));
  expect(codes).toEqual([...REFUSAL_CODES]);
});

describe.each(LANGUAGES)("%s", (language) => {
  const words = CATALOGUES[language];

  test.each(OUTCOMES)("$name: a headline of three words at most, a reason, and no hole left open", ({ outcome }) => {
    const verdict = toResultText(outcome, words, NOW);
    if (outcome.kind === "not-a-voucher") return expect(verdict).toBeNull();
    const headline = verdict?.headline ?? "";
    // A space before "?" is French, and no word.
    expect(headline.replace(/ \?$/, "?").split(" ").length).toBeLessThanOrEqual(3);
    expect(headline.length).toBeGreaterThan(2);
    expect(verdict?.reason.length).toBeGreaterThan(5);
    expect(JSON.stringify(verdict)).not.toMatch(/[{}]\w+\}|\{\w+\}|undefined|NaN/);
    if (outcome.kind === "refuse") expect(verdict?.next?.length).toBeGreaterThan(5);
    return undefined;
  });

  test("no two refusals have the same headline", () => {
    const headlines = REFUSAL_CODES.map((code) => words.refusals[code].headline);
    expect(new Set(headlines).size).toBe(headlines.length);
  });

  test("holes in the words are the same as in English", () => {
    const holes = (value: unknown): unknown =>
      typeof value === "string"
        ? [...value.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort()
        : Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, holes(inner)]));
    expect(holes(words)).toEqual(holes(CATALOGUES.en));
  });

  test("no typewriter's apostrophe, no space at an end", () => {
    const texts = JSON.stringify(words, (key, value) => (key === "locale" ? undefined : value));
    expect(texts).not.toMatch(/\w'\w/);
    expect(texts).not.toMatch(/" | "|" ,/);
  });
});

test.each<[string | null, readonly string[], string]>([
  [null, ["de-AT", "en"], "de"],
  [null, ["nl", "pt-BR"], "pt"],
  [null, ["nl"], "en"],
  [null, [], "en"],
  [null, ["constructor"], "en"],
  ["fr", ["de"], "fr"],
])("kept %s, wanted %j: %s", (kept, wanted, language) => {
  expect(chooseLanguage(kept, wanted)).toBe(language);
});

test.each([
  [0, "new"],
  [59, "new"],
  [60, "1 min"],
  [3_599, "59 mins"],
  [3_600, "1 hr"],
  [47 * 3_600, "47 hrs"],
  [48 * 3_600, "2 days"],
])("an age of %i s: %s", (seconds, said) => {
  expect(formatAge(seconds, CATALOGUES.en)).toBe(said);
});

test("a number counts as its language does", () => {
  expect(count(CATALOGUES.fr.readiness.unsent, 0, CATALOGUES.fr)).toBe("0 non envoyé");
  expect(count(CATALOGUES.en.readiness.unsent, 0, CATALOGUES.en)).toBe("0 unsent");
  expect(count(CATALOGUES.en.type.missing, 1, CATALOGUES.en)).toBe("1 character is missing.");
});

test("a time of another day says which", () => {
  expect(formatTime(NOW - 60, NOW, CATALOGUES.en)).toMatch(/^\d\d:\d\d$/);
  expect(formatTime(NOW - 3 * 86_400, NOW, CATALOGUES.en)).toMatch(/\d+ \w+.* \d\d:\d\d$/);
});

test("a hole without a value is left for everybody to see", () => {
  expect(fill("{a} {b}", { a: 1 })).toBe("1 {b}");
});

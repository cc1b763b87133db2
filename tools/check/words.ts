// Two words for one thing, or one word for two things, cost every newcomer a search. The glossaries' column "is not"
// lists such words, and here the code and the pages are searched for them.

import { matchesGlob } from "node:path";
import { type Exception, type Phrase, type Row, readGlossary } from "./glossary.ts";
import { type Said, saidIn } from "./said.ts";
import type { Finding, Tree } from "./tree.ts";

/** The format's words, and the code's. */
const PAGES = ["docs/format.md", "docs/glossary.md"];

export function checkWords(tree: Tree): Finding {
  const pages = PAGES.filter((page) => tree.files.includes(page));
  const { rows, exceptions } = readGlossary(pages.map((page) => tree.read(page)));
  const files = tree.files.filter((path) => !pages.includes(path));
  const hits = files.flatMap((path) => saidIn(path, () => tree.read(path))).flatMap(judgedBy(rows));
  return {
    faults: [
      ...new Set(hits.filter((hit) => !exceptions.some((exception) => excepts(exception, hit))).map(tell)),
      ...exceptions.filter((exception) => !hits.some((hit) => excepts(exception, hit))).map(tellIdle),
    ],
    note: `${rows.length} words, and ${rows.flatMap(({ isNot }) => isNot).length} that are not said for them`,
  };
}

interface Hit {
  readonly said: Said;
  readonly word: string;
  readonly phrase: Phrase;
}

function judgedBy(rows: readonly Row[]): (said: Said) => readonly Hit[] {
  const long = rows.map(({ words }) => words).filter(({ length }) => length > 1);
  // A word with a row of its own has a right meaning too: only beside the row's word is it the wrong one.
  const phrases = rows.flatMap((row) =>
    row.isNot.map((phrase) => {
      const hasRow = rows.some(({ word }) => word.toLowerCase() === phrase.text.toLowerCase());
      return { row, phrase, sought: hasRow ? [...row.words, ...phrase.words] : phrase.words };
    }),
  );
  return (said) => {
    // A part of a longer word of the glossary, as of "back office", is not said by itself.
    const words = long.reduce(without, said.words);
    return phrases
      .filter(({ row: { judgedIn } }) => judgedIn === "both" || judgedIn === (said.kind === "name" ? "names" : "prose"))
      .filter(({ phrase: { form, text }, sought }) => {
        if (form === "whole") return said.kind === "name" && said.whole === text;
        return form === "verb" ? said.isVerb && said.words[0] === sought[0] : find(words, sought) !== -1;
      })
      .map(({ row, phrase }) => ({ said, word: row.word, phrase }));
  };
}

// Also in the plural.
function find(words: readonly string[], sought: readonly string[]): number {
  return words.findIndex((_, at) =>
    sought.every((part, n) => words[at + n] === part || (n === sought.length - 1 && words[at + n] === `${part}s`)),
  );
}

function without(words: readonly string[], sought: readonly string[]): readonly string[] {
  const at = find(words, sought);
  // An empty word in its place: what stood on either side must not become neighbours.
  return at === -1 ? words : without(words.toSpliced(at, sought.length, ""), sought);
}

function excepts({ said, files }: Exception, hit: Hit): boolean {
  return said === hit.phrase.text && matchesGlob(hit.said.path, files);
}

function tell({ said: { path, line, whole }, word, phrase }: Hit): string {
  return `${path}:${line}: "${whole.length > 60 ? `${whole.slice(0, 59)}…` : whole}" says ${phrase.text}: ${word} is the word`;
}

function tellIdle({ said, files }: Exception): string {
  return `docs/glossary.md: ${said} is not said in ${files}: strike the exception`;
}

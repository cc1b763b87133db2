/** One word for one thing, and which words it is not. */
export interface Row {
  readonly word: string;
  /** In lower case: short, code. */
  readonly words: readonly string[];
  readonly isNot: readonly Phrase[];
  readonly judgedIn: "names" | "prose" | "both";
}

/** Something that should not be said: `order`, `World` as a whole name, `say()` as the verb of a function. */
export interface Phrase {
  readonly text: string;
  readonly form: "words" | "whole" | "verb";
  readonly words: readonly string[];
}

/** A word that is said all the same, for a reason that stands beside it. */
export interface Exception {
  readonly said: string;
  /** A glob. */
  readonly files: string;
}

export interface Glossary {
  readonly rows: readonly Row[];
  readonly exceptions: readonly Exception[];
}

/**
 * The rows of every table that has a column "is not", and of those that have a column "said". Without a column "judged
 * in", names are judged.
 * @throws {Error} a cell is not understood
 */
export function readGlossary(pages: readonly string[]): Glossary {
  const lines = (table: RegExp) =>
    pages.flatMap((page) => [...page.matchAll(table)]).flatMap(([, body = ""]) => body.trim().split("\n"));
  return { rows: lines(WORDS).map(readRow), exceptions: lines(EXCEPTIONS).flatMap(readExceptions) };
}

/** `signKeyList`, `sign-key-list` and `sign key list` as sign, key, list. */
export function wordsOf(text: string): readonly string[] {
  const spaced = text.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  return spaced.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

const WORDS = /^\| word \| means \| is not \|.*\n\| --- .*\n((?:\|.*\n?)*)/gm;
const EXCEPTIONS = /^\| said \| in \| because \|\n\| --- .*\n((?:\|.*\n?)*)/gm;

function readRow(line: string): Row {
  const [word = "", , isNot = "", judgedIn = ""] = cellsOf(line);
  const where = judgedIn === "" ? "names" : judgedIn;
  if (where !== "names" && where !== "prose" && where !== "both") {
    throw new Error(`docs/glossary.md: ${word} is judged in "${judgedIn}", and not in names, prose or both`);
  }
  return { word, words: wordsOf(word), isNot: listOf(isNot).map(readPhrase), judgedIn: where };
}

function readPhrase(cell: string): Phrase {
  const text = bare(cell);
  if (text.endsWith("()")) return { text, form: "verb", words: wordsOf(text) };
  return { text, form: cell.startsWith("`") ? "whole" : "words", words: wordsOf(text) };
}

function readExceptions(line: string): readonly Exception[] {
  const [said = "", files = "", because = ""] = cellsOf(line);
  if (because === "") throw new Error(`docs/glossary.md: ${said} is said in ${files} for no reason`);
  return listOf(said).flatMap((word) => listOf(files).map((glob) => ({ said: bare(word), files: bare(glob) })));
}

function cellsOf(line: string): readonly string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function listOf(cell: string): readonly string[] {
  return cell.split(",").flatMap((entry) => entry.trim() || []);
}

function bare(cell: string): string {
  return cell.replaceAll("`", "");
}

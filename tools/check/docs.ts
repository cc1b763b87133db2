// Readers of a page that names a command, a file or a code which is gone look for the mistake on their side. So what
// pages name is looked up here, and the examples of the README and of the pages that npm shows are run, since most
// people begin with a copy of one.

import { posix } from "node:path";
import { REFUSAL_CODES } from "../../packages/voucher/src/refusal.ts";
import { type Example, readExamples, runExample } from "./example.ts";
import { type Finding, publishedRooms, rooms, type Tree } from "./tree.ts";

const FORMAT = "docs/format.md";

export async function checkDocs(tree: Tree): Promise<Finding> {
  const pages = tree.files.filter((path) => path.endsWith(".md"));
  // What a stranger sees first, on the repository's page and on npm.
  const shown = ["README.md", ...publishedRooms(tree).map((room) => `${room}/README.md`)];
  const examples = pages
    .filter((page) => shown.includes(page))
    .map((page) => ({ page, blocks: readExamples(tree.read(page)) }));
  return {
    faults: [
      ...missingPages(tree),
      ...REFUSAL_CODES.flatMap((code) => judgeCode(tree, code)),
      ...unknownScripts(tree),
      ...pages.flatMap((page) => [...deadLinks(tree, page), ...deadPaths(tree, page)]),
      ...(await Promise.all(examples.map(judgeExamples))).flat(),
    ],
    note: `${pages.length} pages, ${REFUSAL_CODES.length} codes, ${examples.flatMap(({ blocks }) => blocks).length} examples run`,
  };
}

async function judgeExamples({ page, blocks }: { page: string; blocks: readonly Example[] }) {
  if (blocks.length === 0) return [`${page}: no example is marked <!-- run -->`];
  return (await Promise.all(blocks.map((block) => runExample(page, block)))).flat();
}

function missingPages(tree: Tree): readonly string[] {
  const wanted = [
    ...["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", FORMAT],
    ...[...rooms(tree), "keys", "tools"].map((room) => `${room}/README.md`),
  ];
  return wanted.filter((path) => !tree.files.includes(path)).map((path) => `${path}: does not exist`);
}

function judgeCode(tree: Tree, code: string): readonly string[] {
  const vectors = tree.files.filter((path) => /^packages\/voucher\/vectors\/.*\.json$/.test(path));
  return [
    ...(read(tree, FORMAT).includes(`\`${code}\``) ? [] : [`${FORMAT}: does not name the code ${code}`]),
    ...(vectors.some((path) => codesIn(tree, path).has(code))
      ? []
      : [`packages/voucher/vectors: no case ends in ${code}`]),
  ];
}

const codes = new WeakMap<Tree, Map<string, ReadonlySet<string>>>();

/** Every text under the name `code`, however deep. Kept, since each file is asked for each code. */
function codesIn(tree: Tree, path: string): ReadonlySet<string> {
  const known = codes.get(tree) ?? new Map<string, ReadonlySet<string>>();
  codes.set(tree, known);
  const found = new Set<string>();
  if (!known.has(path)) {
    JSON.parse(tree.read(path), (name, value: unknown) => {
      if (name === "code" && typeof value === "string") found.add(value);
      return value;
    });
    known.set(path, found);
  }
  return known.get(path) ?? found;
}

// Whatever a page tells people to type after pnpm is a script of the root, or pnpm's own word.
function unknownScripts(tree: Tree): readonly string[] {
  const { scripts } = JSON.parse(tree.read("package.json")) as { scripts: Record<string, string> };
  return codeOf(read(tree, "README.md")).flatMap((code) =>
    [...code.matchAll(/\bpnpm(?:@[\d.]+)? (?:run )?([a-z][\w:-]*)/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !(name in scripts) && !/^(install|exec|add|pack)$/.test(name))
      .map((name) => `README.md: pnpm ${name} is no script of package.json`),
  );
}

function deadLinks(tree: Tree, page: string): readonly string[] {
  const targets = [
    ...withoutCode(tree.read(page)).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s*(\S+)/gm),
  ];
  return targets.flatMap(([, inline, reference]) => {
    const target = inline ?? reference ?? "";
    if (/^([a-z][a-z+.-]*:|\/\/)/i.test(target)) return [];
    const [path = "", anchor] = decodeURI(target).split("#");
    const file = path === "" ? page : posix.join(posix.dirname(page), path).replace(/\/$/, "");
    if (file !== "." && !tree.files.some((known) => known === file || known.startsWith(`${file}/`))) {
      return [`${page}: links to ${target}, which is not there`];
    }
    const isLost = anchor !== undefined && file.endsWith(".md") && !anchors(tree.read(file)).includes(anchor);
    return isLost ? [`${page}: links to ${target}, which no heading answers`] : [];
  });
}

/**
 * Files that a page names in backticks, from the root or from its own folder; up to a part that stands for many, as
 * NAME.
 */
function deadPaths(tree: Tree, page: string): readonly string[] {
  const spans = tree.read(page).replace(FENCE, "").match(SPAN) ?? [];
  return spans
    .map((span) => span.slice(1, -1))
    .filter((path) => /^(?:packages|apps|tools|docs|examples|src|test)\/[\w./-]*$/.test(path))
    .filter((path) => {
      const [known = ""] = path.split(/[^/]*\b[A-Z]{4,}\b(?!\.md)/);
      const file = /^(?:src|test)\//.test(known) ? posix.join(posix.dirname(page), known) : known;
      return !tree.files.some((other) => other === file || other.startsWith(`${file.replace(/\/$/, "")}/`));
    })
    .map((path) => `${page}: names ${path}, which is not there`);
}

/** As GitHub names headings: lower case, no punctuation, hyphens for spaces, numbered when they repeat. */
function anchors(page: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...page.replace(FENCE, "").matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, heading = ""]) => {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = text.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

const FENCE = /^```[\s\S]*?^```/gm;
const SPAN = /`[^`\n]+`/g;

function withoutCode(page: string): string {
  return page.replace(FENCE, "").replace(SPAN, "");
}

function codeOf(page: string): readonly string[] {
  return [...(page.match(FENCE) ?? []), ...(page.replace(FENCE, "").match(SPAN) ?? [])];
}

function read(tree: Tree, path: string): string {
  return tree.files.includes(path) ? tree.read(path) : "";
}

// A file that is too long to keep in mind should be two files, and a folder whose name says nothing collects whatever
// nobody found a place for.

import type { Finding, Tree } from "./tree.ts";

/** In lines. Tests tell longer stories than code does, and the longest of either still fits in a head. */
const MOST_LINES = 400;
const SOURCE_BOUNDS = { median: 100, p90: 200 };
const TEST_BOUNDS = { median: 150, p90: 250 };

const SOURCE = /\.([cm]?[jt]sx?|css|html|sh)$|^\.ci\/run$/;
const TEST = /(^|\/)test\/|\.test\.\w+$/;
const SHALLOW = /^(utils?|helpers?|common|types?|misc)$/;

export function checkSizes(tree: Tree): Finding {
  const sizes = tree.files
    .filter((path) => SOURCE.test(path))
    .map((path) => ({ path, lines: tree.read(path).replace(/\n$/, "").split("\n").length }));
  const sources = spread(sizes.filter(({ path }) => !TEST.test(path)));
  const tests = spread(sizes.filter(({ path }) => TEST.test(path)));
  return {
    faults: [
      ...sizes
        .filter(({ lines }) => lines > MOST_LINES)
        .map(({ path, lines }) => `${path}: ${lines} lines, more than ${MOST_LINES}`),
      ...judge("source", sources, SOURCE_BOUNDS),
      ...judge("test", tests, TEST_BOUNDS),
      ...tree.files.flatMap((path) => {
        const name = path.split("/").find((part) => SHALLOW.test(part.replace(/\..*$/, "")));
        return name === undefined ? [] : [`${path}: ${name} says nothing about what is inside`];
      }),
    ],
    note: `${format("source", sources)}; ${format("test", tests)}`,
  };
}

interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p90: number;
  readonly longest: number;
}

function spread(sizes: readonly { readonly lines: number }[]): Spread {
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { count: sorted.length, median: at(0.5), p90: at(0.9), longest: sorted.at(-1) ?? 0 };
}

function judge(kind: string, { median, p90 }: Spread, most: { median: number; p90: number }): readonly string[] {
  return [
    ...(median > most.median ? [`the median ${kind} file has ${median} lines, more than ${most.median}`] : []),
    ...(p90 > most.p90 ? [`one ${kind} file in ten has ${p90} lines or more, over ${most.p90}`] : []),
  ];
}

function format(kind: string, { count, median, p90, longest }: Spread): string {
  return `${count} ${kind} files, median ${median} lines, p90 ${p90}, longest ${longest}`;
}

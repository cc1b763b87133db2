// A file that is too long to keep in mind should be two files, and a folder whose name says nothing collects whatever
// nobody found a place for.

import type { Finding, Tree } from "./tree.ts";

const MOST_LINES = 400;
const MEDIAN_LINES = 120;

const SOURCE = /\.([cm]?[jt]sx?|css|html|sh)$|^\.ci\/run$/;
const SHALLOW = /^(utils?|helpers?|common|types?|misc)$/;

export function checkSizes(tree: Tree): Finding {
  const sizes = tree.files
    .filter((path) => SOURCE.test(path))
    .map((path) => ({ path, lines: tree.read(path).replace(/\n$/, "").split("\n").length }));
  const median = sizes.map(({ lines }) => lines).sort((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0;
  return {
    faults: [
      ...sizes
        .filter(({ lines }) => lines > MOST_LINES)
        .map(({ path, lines }) => `${path}: ${lines} lines, more than ${MOST_LINES}`),
      ...(median < MEDIAN_LINES ? [] : [`the median file has ${median} lines, not under ${MEDIAN_LINES}`]),
      ...tree.files.flatMap((path) => {
        const name = path.split("/").find((part) => SHALLOW.test(part.replace(/\..*$/, "")));
        return name === undefined ? [] : [`${path}: ${name} says nothing about what is inside`];
      }),
    ],
    note: `${sizes.length} source files, median ${median} lines, longest ${Math.max(0, ...sizes.map(({ lines }) => lines))}`,
  };
}

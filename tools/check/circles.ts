// Two files that import each other are one file with a wall painted on it: neither can be read, tested or moved alone.
// A type alone ties as well as a value, so types count.

import { posix } from "node:path";
import { readSource, SOURCE_FILE } from "./source.ts";
import type { Finding, Tree } from "./tree.ts";

/** From each file, the files that it imports. Paths are from the root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

export function checkCircles(tree: Tree): Finding {
  const graph = readImportGraph(tree);
  const circles = findCircles(graph);
  return {
    faults: circles.map((files) => `${files.length} files import each other in a circle: ${files.join(", ")}`),
    note: `no import circle in ${graph.size} files`,
  };
}

/** Imports by relative path alone: packages cannot form a circle, their manifests would not install. */
export function readImportGraph(tree: Tree): ImportGraph {
  const files = tree.files.filter((path) => /^(packages|apps|tools)\//.test(path) && SOURCE_FILE.test(path));
  const known = new Set(files);
  return new Map(
    files.map((path) => {
      const { imports } = readSource(path, tree.read(path));
      const targets = imports.flatMap(({ specifier }) => {
        if (!specifier?.startsWith(".")) return [];
        const target = posix.join(posix.dirname(path), specifier);
        return known.has(target) ? [target] : [];
      });
      return [path, [...new Set(targets)].sort()];
    }),
  );
}

/**
 * The strongly connected components of more than one file, by Tarjan's algorithm; a file that imports itself is one
 * too.
 */
export function findCircles(graph: ImportGraph): readonly (readonly string[])[] {
  const numbers = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  for (const path of graph.keys()) if (!numbers.has(path)) visit(path);
  return circles.map((files) => files.sort()).sort((a, b) => b.length - a.length);

  function visit(path: string): number {
    const number = numbers.size;
    let low = number;
    numbers.set(path, number);
    open.push(path);
    for (const target of graph.get(path) ?? []) {
      if (!numbers.has(target)) low = Math.min(low, visit(target));
      else if (open.includes(target)) low = Math.min(low, numbers.get(target) ?? low);
    }
    if (low !== number) return low;
    const circle = open.splice(open.indexOf(path));
    if (circle.length > 1 || graph.get(path)?.includes(path)) circles.push(circle);
    return low;
  }
}

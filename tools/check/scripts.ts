// `pnpm --filter NAME test` of a room without that script prints nothing and ends well, so that somebody believes their
// change was tested. And `test:unit` is only quick while no file in it starts a browser, a build or a process, or opens a
// database on a disk: what a file imports decides its name.

import { posix } from "node:path";
import { readSource } from "./source.ts";
import { type Finding, rooms, type Tree } from "./tree.ts";

/** The same in every room: its own folder, whatever that is called, by the root's configuration. */
export const TEST_SCRIPT = 'vitest run --root ../.. --project unit --project system "$PWD/"';

const TEST = /\.test\.tsx?$/;
const NAMED = /\.(system|long)\.test\.tsx?$/;

/** Whoever imports one of these starts a browser, a build or a process, or opens a database. */
const STARTS =
  /^(node:child_process|node:cluster|playwright-core|vite|esbuild|better-sqlite3)$|^tools\/chromium\.ts$|^apps\/issuer\/src\/(compose|database|store\/sqlite)\.ts$/;

export function checkScripts(tree: Tree): Finding {
  const tests = tree.files.filter((path) => TEST.test(path));
  const system = tests.filter((path) => NAMED.test(path));
  return {
    faults: [
      ...rooms(tree).flatMap((room) => judgeRoom(tree, room)),
      ...tests.flatMap((path) => judgeTest(tree, path)),
    ],
    note: `each room has its test script; ${tests.length - system.length} files of unit tests, ${system.length} with processes, browsers or a database`,
  };
}

function judgeRoom(tree: Tree, room: string): readonly string[] {
  const path = `${room}/package.json`;
  if (!tree.files.includes(path)) return [`${path}: does not exist`];
  const { scripts = {} } = JSON.parse(tree.read(path)) as { scripts?: Record<string, string> };
  return scripts["test"] === TEST_SCRIPT ? [] : [`${path}: its script "test" is not ${TEST_SCRIPT}`];
}

function judgeTest(tree: Tree, path: string): readonly string[] {
  const reason = reached(tree, path, new Set());
  if (reason !== null && !NAMED.test(path))
    return [`${path}: reaches ${reason}: no unit test, so it is called ${path.replace(TEST, ".system.test.ts")}`];
  // What takes long may do so by computing alone.
  if (reason === null && path.includes(".system."))
    return [`${path}: starts nothing that needs time: a unit test, call it .test.ts`];
  return [];
}

/**
 * What a test file starts, by its own imports and those of the test files below it; what a room's source starts is that
 * room's affair.
 */
function reached(tree: Tree, path: string, seen: Set<string>): string | null {
  if (seen.has(path) || path.includes("/src/") || !tree.files.includes(path)) return null;
  seen.add(path);
  for (const { specifier } of readSource(path, tree.read(path)).imports) {
    if (specifier === null) continue;
    const target = specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : specifier;
    if (STARTS.test(target)) return target;
    const below = reached(tree, target, seen);
    if (below !== null) return below;
  }
  return null;
}

import { expect, test } from "vitest";
import { checkScripts, TEST_SCRIPT } from "./scripts.ts";
import type { Tree } from "./tree.ts";

const manifest = JSON.stringify({ scripts: { test: TEST_SCRIPT } });

const CLEAN: Readonly<Record<string, string>> = {
  "apps/shop/package.json": manifest,
  "apps/shop/src/open.ts": 'import { spawn } from "node:child_process";',
  // The room's source may start what it likes: handed a stand-in, a test of it starts nothing.
  "apps/shop/test/open.test.ts": 'import { open } from "../src/open.ts";\nimport { shelf } from "./shelf.ts";',
  "apps/shop/test/shelf.ts": "export const shelf = 1;",
  "apps/shop/test/page.system.test.ts": 'import { launchChromium } from "../../../tools/chromium.ts";',
  // What takes long by computing alone is told apart by its name.
  "tools/night.long.test.ts": "",
};

test("a tree that keeps the rules has no fault", () => {
  expect(checkScripts(treeOf(CLEAN)).faults).toEqual([]);
});

test.each([
  {
    name: "a room without a test script",
    path: "apps/shop/package.json",
    text: "{}",
    fault: 'its script "test" is not',
  },
  {
    name: "a test script that tests something else",
    path: "apps/shop/package.json",
    text: '{ "scripts": { "test": "echo ok" } }',
    fault: 'its script "test" is not',
  },
  {
    name: "a room that is no package",
    path: "apps/desk/src/main.ts",
    text: "",
    fault: "apps/desk/package.json: does not exist",
  },
  {
    name: "a browser in a unit test",
    path: "apps/shop/test/open.test.ts",
    text: CLEAN["apps/shop/test/page.system.test.ts"] ?? "",
    fault: "reaches tools/chromium.ts: no unit test",
  },
  {
    name: "a process, two files down",
    path: "apps/shop/test/shelf.ts",
    text: 'import { fork } from "node:child_process";',
    fault: "apps/shop/test/open.test.ts: reaches node:child_process",
  },
  {
    name: "a build",
    path: "apps/shop/test/open.test.ts",
    text: 'import { build } from "vite";',
    fault: "apps/shop/test/open.test.ts: reaches vite",
  },
  {
    name: "a database on a disk",
    path: "apps/shop/test/shelf.ts",
    text: 'import { openSqlite } from "../../issuer/src/store/sqlite.ts";',
    fault: "apps/shop/test/open.test.ts: reaches apps/issuer/src/store/sqlite.ts",
  },
  {
    name: "a quick test among the slow ones",
    path: "apps/shop/test/page.system.test.ts",
    text: "",
    fault: "page.system.test.ts: starts nothing",
  },
])("$name", ({ path, text, fault }) => {
  const { faults } = checkScripts(treeOf({ ...CLEAN, [path]: text }));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
});

function treeOf(files: Readonly<Record<string, string>>): Tree {
  return { files: Object.keys(files).sort(), read: (path) => files[path] ?? "" };
}

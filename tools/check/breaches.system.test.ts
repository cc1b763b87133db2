import { expect, test } from "vitest";
import { checkAmbient } from "./ambient.ts";
import { type Breach, CLEAN, treeOf } from "./clean-tree.ts";
import { checkSizes } from "./sizes.ts";

// Shows that each check can fail: the tree passes, and with one breach added that breach is found, at its place and for
// its reason.

const breaches: readonly Breach[] = [
  ...[
    "const now = Date.now();",
    "const now = new Date();",
    "const clock = Date;",
    "const { now } = Date;",
    'const now = Date["now"]();',
    "const now = globalThis.Date.now();",
    "const world = globalThis;",
    "const at = performance.now();",
    "const drawn = Math.random();",
    "const bytes = crypto.getRandomValues(new Uint8Array(8));",
    'import { randomBytes } from "node:crypto";',
    'import * as platform from "node:crypto";\nplatform.randomUUID();',
    "const home = process.env.HOME;",
    "const { env } = process;",
    "const id = process.pid;",
    'process.on("SIGTERM", stop);',
    'import { execPath } from "node:process";',
  ].map((text) => ({
    name: text,
    check: checkAmbient,
    files: { "packages/verifier/src/verify.ts": text },
    fault: `packages/verifier/src/verify.ts:${text.split("\n").length}: `,
  })),
  {
    name: "a clock in an app below main",
    check: checkAmbient,
    files: { "apps/cli/src/commands/issue.ts": "const now = Date.now();" },
    fault: "apps/cli/src/commands/issue.ts:1: Date.now",
  },
  {
    name: "a file too long",
    check: checkSizes,
    files: { "apps/demo/src/story.ts": "\n".repeat(401) },
    fault: "apps/demo/src/story.ts: 401 lines",
  },
  {
    name: "a folder of helpers",
    check: checkSizes,
    files: { "apps/demo/src/helpers/story.ts": "" },
    fault: "apps/demo/src/helpers/story.ts: helpers says nothing",
  },
  {
    name: "files that are long in the middle",
    check: checkSizes,
    files: Object.fromEntries([...Array(20).keys()].map((n) => [`apps/demo/src/${n}.ts`, "\n".repeat(101)])),
    fault: "the median source file has 101 lines",
  },
  {
    name: "too many long files",
    check: checkSizes,
    files: Object.fromEntries([...Array(3).keys()].map((n) => [`apps/demo/src/${n}.ts`, "\n".repeat(201)])),
    fault: "one source file in ten has 201 lines or more",
  },
  {
    name: "too many long tests",
    check: checkSizes,
    files: Object.fromEntries([1, 1, 1, 251].map((n, i) => [`apps/demo/test/${i}.test.ts`, "\n".repeat(n)])),
    fault: "one test file in ten has 251 lines or more",
  },
];

test.each(breaches)("$name", async ({ check, files, fault }) => {
  expect((await check(treeOf(CLEAN))).faults).toEqual([]);
  const { faults } = await check(treeOf({ ...CLEAN, ...files }));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
});

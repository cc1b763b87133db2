import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "./check/tree.ts";

// Each case runs vitest over a test file written for it, and looks at what a script sees: the last line and the exit
// code.

const folder = mkdtempSync(join(tmpdir(), "doorproof-tally-"));
symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
afterAll(() => rmSync(folder, { recursive: true }));

const PASSES = 'test("passes", () => expect(1).toBe(1));';

test.each([
  { name: "all pass", tests: PASSES, closes: "1 passed, 0 failed", exit: 0 },
  {
    name: "one fails",
    tests: `${PASSES} test("fails", () => expect(1).toBe(2));`,
    closes: "1 passed, 1 failed",
    exit: 1,
  },
  {
    name: "a named reason",
    tests: `${PASSES} test("asks", ({ skip }) => skip(true, "no-openssl"));`,
    closes: "1 passed, 0 failed, 1 skipped",
    says: "skipped: no-openssl: the pages' openssl commands",
    exit: 0,
  },
  {
    name: "a named reason where none is taken",
    tests: `${PASSES} test("asks", ({ skip }) => skip(true, "no-openssl"));`,
    env: { SKIPS: "fail" },
    closes: "1 passed, 1 failed",
    says: "skipped: no-openssl: ",
    exit: 1,
  },
  {
    name: "a reason that nobody listed",
    tests: `${PASSES} test("asks", ({ skip }) => skip(true, "no-time"));`,
    closes: "1 passed, 1 failed",
    says: "skipped for no known reason: asks (",
    exit: 1,
  },
  { name: "no reason", tests: `${PASSES} test.skip("waits", () => {});`, closes: "1 passed, 1 failed", exit: 1 },
  {
    name: "a group",
    tests: `${PASSES} describe.skipIf(true)("all", () => { ${PASSES} });`,
    closes: "1 passed, 1 failed",
    exit: 1,
  },
  { name: "one that is to be written", tests: `${PASSES} test.todo("later");`, closes: "1 passed, 1 failed", exit: 1 },
  {
    name: "one picked by name",
    tests: `${PASSES} test("other", () => expect(1).toBe(1));`,
    args: ["-t", "passes"],
    closes: "1 passed, 0 failed, 1 skipped",
    exit: 0,
  },
  { name: "a file that does not load", tests: 'throw new Error("gone");', closes: "0 passed, 1 failed", exit: 1 },
])("$name", ({ tests, args = [], env = {}, closes, says = "", exit }) => {
  writeFileSync(join(folder, "one.test.mjs"), `import { describe, expect, test } from "vitest";\n${tests}\n`);
  const { SKIPS: _, ...inherited } = process.env;
  const command = ["run", "--root", folder, "--reporter", join(ROOT, "tools", "tally.ts"), ...args];
  const { status, stdout } = spawnSync(join(ROOT, "node_modules", ".bin", "vitest"), command, {
    env: { ...inherited, ...env },
    encoding: "utf8",
  });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.at(-1)).toBe(closes);
  expect(stdout).toContain(says);
  expect(status).toBe(exit);
});

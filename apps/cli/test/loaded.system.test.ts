// What verifies must not load what signs: not for speed, but so that whoever reads its files has read all of it.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "doorproof-loaded-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TELL = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from "node:module";
registerHooks({ load: (url, context, next) => { process.stderr.write("loaded " + url + "\\n"); return next(url, context); } });
`)}`;

const SIGNS = /packages\/signer\/|apps\/issuer\/|better-sqlite3|fastify/;

describe.each([
  ["verify", ["verify", "DP1:000", "--keys", "none.json"], 4],
  ["open", ["open", "none", "--delivery", "A1", "--code", "7KQ4M-2XN8P"], 4],
  ["publish-verifier", ["publish-verifier", "--keys", "none.cose"], 4],
  ["inspect", ["inspect", "DP1:000"], 1],
  ["expand", ["expand", "DP1:000"], 1],
])("%s", (_, words, exit) => {
  it("loads nothing that signs", () => {
    const loaded = load(words, exit);
    expect(loaded.filter((url) => /packages\/voucher\//.test(url)).length).toBeGreaterThan(5);
    expect(loaded.filter((url) => SIGNS.test(url))).toEqual([]);
  });
});

it("would see it, as in issue", () => {
  const words = ["issue", "--delivery", "A1", "--phone", "+447700900123", "--expires", "1h"];
  expect(load(words, 4).some((url) => SIGNS.test(url))).toBe(true);
});

function load(words: readonly string[], exit: number): string[] {
  const { stderr, status } = spawnSync(process.execPath, ["--import", TELL, MAIN, ...words], {
    cwd: folder,
    env: COMPILE_CACHE,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(exit);
  return stderr.split("\n").filter((line) => line.startsWith("loaded "));
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const HOUR = 3600;
const DAY = 24 * HOUR;

test("doctor says that the clock is doubted, by what, and what to do", () => {
  const folder = mkdtempSync(join(tmpdir(), "doorproof-doctor-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  doorproof(folder, 0, "keys", "init", "--issuer", "acme.example");
  expect(doubtsOf(folder, 0)).toEqual([]);
  // The first time that the database learns.
  doorproof(folder, 0, "clock", "accept");
  expect([0, 30 * DAY, -HOUR / 2].map((ahead) => doubtsOf(folder, ahead))).toEqual([[], [], []]);
  const mend = "Set it right; or, if it is right: doorproof clock accept";
  const told = (what: string) => [{ state: "wrong", what: `${DOUBTED}: ${what}`, mend }];
  expect(doubtsOf(folder, 40 * DAY)).toEqual(told("the last time in the database is 40 days old."));
  expect(doubtsOf(folder, -3 * HOUR - 60)).toEqual(told("it stands 3 hours before the last time in the database."));
  doorproof(folder, 40 * DAY, "clock", "accept");
  expect(doubtsOf(folder, 40 * DAY)).toEqual([]);
});

const DOUBTED = "the clock is doubted, and an issuer signs nothing";

function doubtsOf(folder: string, ahead: number): readonly { readonly what: string }[] {
  const findings = doorproof(folder, ahead, "doctor", "--json").trim().split("\n");
  return findings.map((line) => JSON.parse(line)).filter(({ what }) => what.startsWith(DOUBTED));
}

/** As a command, by a clock that stands so many seconds ahead. @returns what it printed */
function doorproof(cwd: string, ahead: number, ...words: readonly string[]): string {
  const clock = `data:text/javascript,const now = Date.now; Date.now = () => now() + ${ahead * 1000};`;
  const env = { ...COMPILE_CACHE, PATH: process.env["PATH"] ?? "" };
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", clock, MAIN, ...words], { cwd, env });
  // doctor ends with 1 where it finds something wrong.
  if (status !== 0 && words[0] !== "doctor") throw new Error(`${words.join(" ")}: ${status} ${stderr}`);
  return stdout.toString();
}

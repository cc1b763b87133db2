// Many vouchers go over every core. That must not show: the same lines in the same order, a scanner's at once, and no thread's end taken for a yes.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import type { Given, RefusedCase, ValidCase } from "../../../packages/voucher/vectors/schema.ts";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";
import { type BatchResult, type CriteriaData, openBatchVerifier, openCriteria } from "../src/batch.ts";
import { openSummary } from "../src/summary.ts";
import { openTerminal } from "../src/terminal.ts";
import { openWorkerPool } from "../src/worker-pool.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const NOW = "2027-01-15T08:00:00Z";
const { keySets, issuer }: Given = read("given.json");
const bare = Object.values(keySets).find((source) => "jwks" in source);
if (!bare || !("jwks" in bare)) throw new Error("no bare key set among the vectors");

const folder = mkdtempSync(join(tmpdir(), "doorproof-bulk-"));
afterAll(() => rmSync(folder, { recursive: true }));
const JWKS = Buffer.from(JSON.stringify(bare.jwks));
writeFileSync(join(folder, "jwks.json"), JWKS);

const texts = [...read<ValidCase[]>("vouchers-valid.json"), ...read<RefusedCase[]>("vouchers-refused.json")]
  .map(({ text }) => text)
  .filter((text) => !/[\r\n]/.test(text));
/** Some twelve blocks, each line another than the one before it. */
const many = Array.from({ length: 5_000 }, (_, i) => texts[(i * 7) % texts.length] ?? "");
const ARGS = [MAIN, "verify", "-", "--json", "--keys", "jwks.json", "--now", NOW];

describe("many lines", () => {
  it("come out as if each had come alone, and are summed up on stderr", () => {
    const criteria: CriteriaData = {
      keys: { kind: "jwks", issuer, bytes: JWKS },
      revocations: null,
      delivery: null,
      phones: null,
    };
    const verifyBatch = openBatchVerifier(openCriteria(criteria), { json: true, hasColour: false });
    const alone = new Map(texts.map((text) => [text, verifyBatch([text], Date.parse(NOW) / 1000).text]));
    const expected = many.map((text) => `${alone.get(text)}\n`);
    const { stdout, stderr, status } = ask(many);
    expect(stdout.split("\n").length).toBe(many.length + 1);
    expect(stdout).toBe(expected.join(""));
    expect(status).toBe(1);
    const [, counted = "", parts = ""] = /^doorproof-verify: ([\d,]+) vouchers[^:]*: (.*)\n$/.exec(stderr) ?? [];
    expect(counted).toBe("5,000");
    const valid = stdout.split("\n").filter((line) => line.startsWith('{"ok":true')).length;
    expect(parts).toContain(`${valid.toLocaleString("en")} valid`);
    const sum = parts.split(", ").reduce((total, part) => total + Number(part.split(" ")[0]?.replace(",", "")), 0);
    expect(sum).toBe(5_000);
  });

  it("a scanner's line is answered before the next one comes, before the many and after them", async () => {
    const child = spawn(process.execPath, ARGS, { cwd: folder, env: COMPILE_CACHE });
    const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await answers.next()).value ?? "null").ok;
    for (const round of ["before", "after"]) {
      child.stdin.write(`${texts[0]}\n`);
      expect(await next(), round).toBeTypeOf("boolean");
      if (round === "after") break;
      child.stdin.write(many.map((text) => `${text}\n`).join(""));
      for (const _ of many) await answers.next();
    }
    child.stdin.end();
    expect((await answers.next()).done).toBe(true);
  });
});

describe("a thread that ends", () => {
  const broken: CriteriaData = {
    keys: { kind: "jwks", issuer: "acme", bytes: Buffer.from("{}") },
    revocations: null,
    delivery: null,
    phones: null,
  };

  it("is told to whoever waits for it and to whoever asks it later", async () => {
    const pool = openWorkerPool(2, { criteria: broken, format: { json: true, hasColour: false } });
    const answers = [1, 2, 3].map(() => pool.verify(Buffer.from("DP1:\n"), 0));
    for (const answer of await Promise.allSettled(answers)) expect(answer.status).toBe("rejected");
    await pool.close();
    await expect(pool.verify(Buffer.from("DP1:\n"), 0)).rejects.toThrow();
  });
});

describe("the sum", () => {
  const result = (text: string, code: string, exit: BatchResult["exit"]): BatchResult => ({
    text,
    counts: new Map([[code, 1]]),
    exit,
  });

  it("prints in the order of asking, whichever thread is first", async () => {
    const { terminal, written } = screen({ stdout: false, stderr: false });
    const summary = openSummary({ terminal, now: () => 0 });
    const slow = Promise.withResolvers<BatchResult>();
    const all = [
      summary.add(slow.promise),
      summary.add(result("second", "expired", 1)),
      summary.add(result("third", "valid", 0)),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    expect(written.stdout()).toBe("");
    slow.resolve(result("first", "unknown-key", 3));
    await Promise.all(all);
    expect(written.stdout()).toBe("first\nsecond\nthird\n");
    expect([summary.count(), summary.exit()]).toEqual([3, 1]);
  });

  it.each([
    [
      "a terminal that shows nothing else",
      { stdout: false, stderr: true },
      "\r\u001b[Kdoorproof-verify: 1 vouchers in 1 s, 1 a second",
    ],
    ["a terminal with the data on it", { stdout: true, stderr: true }, ""],
    ["a file", { stdout: false, stderr: false }, ""],
  ])("says how far it is to %s", async (_, isTerminal, expected) => {
    const { terminal, written } = screen(isTerminal);
    let time = 0;
    const summary = openSummary({ terminal, now: () => time });
    time = 1;
    await summary.add(result("one", "valid", 0));
    expect(written.stderr()).toBe(expected);
    await summary.add(result("two", "valid", 0));
    expect(written.stderr(), "once a second").toBe(expected);
  });
});

function screen(isTerminal: { stdout: boolean; stderr: boolean }) {
  const stdout = Object.assign(new PassThrough(), { isTTY: isTerminal.stdout });
  const stderr = Object.assign(new PassThrough(), { isTTY: isTerminal.stderr });
  const text = (stream: PassThrough) => {
    const chunks: string[] = [];
    stream.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
    return () => chunks.join("");
  };
  const written = { stdout: text(stdout), stderr: text(stderr) };
  return {
    terminal: openTerminal({ program: "doorproof-verify", stdout, stderr, environment: { TERM: "dumb" } }),
    written,
  };
}

function ask(lines: readonly string[]) {
  const input = lines.map((line) => `${line}\n`).join("");
  return spawnSync(process.execPath, ARGS, {
    cwd: folder,
    env: COMPILE_CACHE,
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../packages/voucher/vectors/${name}`, import.meta.url), "utf8"));
}

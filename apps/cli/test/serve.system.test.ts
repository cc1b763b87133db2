import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";
import { PATIENCE } from "../../../tools/patience.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "doorproof-serve-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("starts the issuer, and ends with it when a supervisor says so", async () => {
  const port = await freePort();
  const serving = spawn(process.execPath, [MAIN, "serve"], { cwd: folder, env: { ...COMPILE_CACHE, PORT: `${port}` } });
  const told = Promise.all([text(serving.stdout), text(serving.stderr)]);
  const ended = new Promise((resolve) => serving.on("exit", resolve));
  const keys = `http://127.0.0.1:${port}/.well-known/jwks.json`;
  try {
    expect(await answers(keys)).toBe(true);
    // A courier with nothing but the address: an unknown key is a verdict, so the set was fetched and read.
    expect(await run(["verify", `DP1:${"0".repeat(123)}`, "--keys", keys])).toBe(3);
  } finally {
    serving.kill("SIGTERM");
  }
  expect(await ended, (await told).join("\n")).toBe(0);
  await expect(fetch(keys)).rejects.toThrow();
});

it("passes on that the environment cannot be used", async () => {
  expect(await run(["serve"], { PORT: "none" })).toBe(2);
});

function run(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  return new Promise((resolve) =>
    spawn(process.execPath, [MAIN, ...words], { cwd: folder, env: { ...COMPILE_CACHE, ...env } }).on("exit", resolve),
  );
}

async function answers(url: string): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE; waited += 100) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer) return answer.ok;
    await wait(100);
  }
  return false;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

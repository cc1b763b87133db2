// A key that is revoked on the command line is refused at the very next request, by issuers that have served it until then.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";
import { PATIENCE } from "../../../tools/patience.ts";

const DOORPROOF = join(import.meta.dirname, "../src/main.ts");
const EARLIER = join(import.meta.dirname, "../../issuer/test/fixtures/be8a529/doorproof.sqlite");
const ISSUER = join(import.meta.dirname, "../../issuer/src/main.ts");

test("of two issuers on one database neither takes a key that was revoked beside them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "doorproof-api-key-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  doorproof(folder, "keys", "init", "--issuer", "demo.example");
  const issuers = [await start(folder), await start(folder)];
  const made = doorproof(folder, "api-key", "create", "--name", "desk", "--scope", "vouchers", "--json");
  const { id, token } = JSON.parse(made);
  const ask = async () => {
    const headers = { authorization: `Bearer ${token}` };
    return Promise.all(issuers.map(async (url) => (await fetch(`${url}/v1/vouchers`, { headers })).status));
  };
  expect([await ask(), await ask()]).toEqual([
    [200, 200],
    [200, 200],
  ]);
  const used = JSON.parse(doorproof(folder, "api-key", "list", "--json"));
  expect(used).toMatchObject({ id, status: "good", lastUsedAt: expect.any(String) });
  doorproof(folder, "api-key", "revoke", id);
  expect(await ask()).toEqual([401, 401]);
});

test("doctor tells of a key that was made before it named a courier, and leaves the database of that day as it is", () => {
  const folder = mkdtempSync(join(tmpdir(), "doorproof-api-key-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const database = join(folder, "data", "doorproof.sqlite");
  mkdirSync(join(folder, "data"));
  copyFileSync(EARLIER, database);
  const doctor = () => {
    const { stdout } = spawnSync(process.execPath, [DOORPROOF, "doctor", "--json"], {
      cwd: folder,
      env: { ...COMPILE_CACHE },
      encoding: "utf8",
    });
    return stdout.split("\n").filter((line) => line.includes("courier"));
  };
  expect(doctor().map((line) => JSON.parse(line).state)).toEqual(["look", "look"]);
  expect(readFileSync(database).equals(readFileSync(EARLIER))).toBe(true);
});

function doorproof(cwd: string, ...words: readonly string[]): string {
  const env = { ...COMPILE_CACHE };
  const { status, stdout, stderr } = spawnSync(process.execPath, [DOORPROOF, ...words], { cwd, env, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return stdout;
}

/** @returns its address */
async function start(cwd: string): Promise<string> {
  const port = await freePort();
  const issuer = spawn(process.execPath, [ISSUER], {
    cwd,
    env: { ...COMPILE_CACHE, PORT: `${port}` },
    stdio: "ignore",
  });
  onTestFinished(() => end(issuer));
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).ok).toBe(true), {
    timeout: PATIENCE,
    interval: 200,
  });
  return url;
}

async function end(issuer: ChildProcess): Promise<void> {
  issuer.kill("SIGTERM");
  if (issuer.exitCode === null) await once(issuer, "exit");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

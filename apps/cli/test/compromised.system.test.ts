// The drill beside a running issuer, all of them real processes; the drill is killed in the midst of its work and run again.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type KeySet, openRevocations } from "@doorproof/verifier";
import { readKeys } from "@doorproof/verify/verbs";
import { hasEntry } from "@doorproof/voucher/codec";
import { expect, it, onTestFinished, vi } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";
import { PATIENCE } from "../../../tools/patience.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const COUNT = 40;
const SOON = { timeout: PATIENCE, interval: 100 };

it("killed twice and run again: every voucher once more, one message each, and the issuer never signs with the key again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "doorproof-compromised-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const doorproof = (...words: string[]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, ...words], {
      cwd: folder,
      env: COMPILE_CACHE,
      encoding: "utf8",
    });
    return { stdout, stderr, status };
  };
  doorproof("keys", "init", "--issuer", "demo.example", "--root", "stick");
  const kid: string = JSON.parse(doorproof("keys", "list", "--json").stdout.split("\n")[0] ?? "").kid;
  const rows = Array.from({ length: COUNT }, (_, i) => `A${i},+447700900${String(i).padStart(3, "0")}\n`);
  writeFileSync(join(folder, "orders.csv"), `deliveryId,phone\n${rows.join("")}`);
  expect(doorproof("import", "orders.csv", "--expires", "48h").status).toBe(0);

  const issuer = spawn(process.execPath, [MAIN, "serve"], {
    cwd: folder,
    env: { ...COMPILE_CACHE, PORT: `${port}` },
    stdio: "ignore",
  });
  onTestFinished(() => end(issuer));
  const messages = () =>
    existsSync(join(folder, "data/outbox.ndjson"))
      ? readFileSync(join(folder, "data/outbox.ndjson"), "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line).to as string)
      : [];
  await vi.waitFor(() => expect(messages()).toHaveLength(COUNT), SOON);
  const served = async () => {
    const document = new Uint8Array(await (await fetch(`http://127.0.0.1:${port}/v1/revocations`)).arrayBuffer());
    return openRevocations(document, { keys: await keysOf(folder), held: () => null });
  };
  const before = await served();
  expect(before.kids).toHaveLength(0);

  const drill = ["keys", "compromised", kid, "--root", "stick", "--json"];
  const killed: string[] = [];
  for (const after of [1, 15]) killed.push(...(await killAfter(after, drill, folder)));
  // Withdrawn beside the running issuer: in the next list that it serves.
  const list = await served();
  expect(hasEntry(list.kids, new Uint8Array(Buffer.from(kid, "hex")))).toBe(true);
  expect(list.version).toBeGreaterThan(before.version);

  const whole = doorproof(...drill);
  expect(whole.status, whole.stderr).toBe(0);
  const replaced = whole.stdout.split("\n").filter(Boolean);
  expect(replaced.length).toBeLessThanOrEqual(COUNT - killed.length);
  expect(whole.stderr).toContain(
    `${replaced.length} vouchers were out: ${replaced.length} issued again, ${replaced.length} sent again`,
  );

  await vi.waitFor(() => expect(messages().length).toBeGreaterThanOrEqual(2 * COUNT), SOON);
  const each = Object.groupBy(messages(), (to) => to);
  expect(Object.values(each).map((to) => to?.length)).toEqual(Array(COUNT).fill(2));

  // The running issuer signs with another key, and what is out now is good by what it serves.
  const { stdout: key } = doorproof("api-key", "create", "--name", "desk", "--scope", "vouchers");
  const answer = await fetch(`http://127.0.0.1:${port}/v1/vouchers`, {
    method: "POST",
    headers: { authorization: `Bearer ${key.trim()}`, "content-type": "application/json" },
    body: JSON.stringify({ deliveryId: "NEW", phone: "+447700900999", expiresIn: "48h", sms: false }),
  });
  const { kid: signer, voucher } = await answer.json();
  expect([answer.status, signer === kid]).toEqual([201, false]);
  const rest = doorproof("import", "orders.csv", "--expires", "48h", "--json").stdout.split("\n").filter(Boolean);
  const texts = [voucher, ...rest.map((line) => JSON.parse(line).voucher)].map((text) => `${text}\n`);
  writeFileSync(
    join(folder, "revocations"),
    Buffer.from(await (await fetch(`http://127.0.0.1:${port}/v1/revocations`)).arrayBuffer()),
  );
  const lists = ["--keys", "keys/keys.cose", "--revocations", "revocations"];
  const verified = spawnSync(process.execPath, [MAIN, "verify", "-", ...lists], {
    cwd: folder,
    env: COMPILE_CACHE,
    input: texts.join(""),
    encoding: "utf8",
  });
  expect(verified.stdout.match(/^valid /gm)).toHaveLength(COUNT + 1);
});

/** @returns the lines that it told before the blow fell: those are durable */
async function killAfter(count: number, words: readonly string[], cwd: string): Promise<string[]> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd,
    env: COMPILE_CACHE,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(line);
    if (told.length === count) break;
  }
  child.kill("SIGKILL");
  if (child.signalCode === null && child.exitCode === null) await once(child, "exit");
  expect(child.signalCode).toBe("SIGKILL");
  return told;
}

function keysOf(folder: string): Promise<KeySet> {
  return readKeys(join(folder, "keys/keys.cose"));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
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

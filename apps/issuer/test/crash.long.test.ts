import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test, vi } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";
import { PATIENCE } from "../../../tools/patience.ts";
import { openOperations } from "../src/operations.ts";
import { makeFolder, seededRandom } from "./world.ts";

// A real process under load, ended by the kernel at a moment that nobody has chosen, and started on the same data.

const MAIN = join(import.meta.dirname, "..", "src", "main.ts");
const CLIENTS = 4;
/** Acts that were answered before the blow falls, one blow after the other. */
const BLOWS = [1, 12, 25, 40];

test("kill -9 under load, again and again: what was answered is there, once, and said again byte for byte", async () => {
  const issuer = await prepare();
  const acts: Act[] = [];
  for (const answered of BLOWS) {
    const running = await issuer.start();
    expect(await endIn(running, { answered, signal: "SIGKILL" }, acts)).toBe("SIGKILL");
  }
  await judge(issuer, acts);
});

test("SIGTERM under load: it ends with 0, and what was answered is there", async () => {
  const issuer = await prepare();
  const acts: Act[] = [];
  const running = await issuer.start();
  expect(await endIn(running, { answered: 25, signal: "SIGTERM" }, acts)).toBe(0);
  await judge(issuer, acts);
});

/** One delivery: its voucher is issued, then redeemed. What was not answered is null. */
interface Act {
  readonly deliveryId: string;
  readonly key: string;
  readonly recordId: string;
  issued: string | null;
  redeemed: string | null;
}

interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<number | string | null>;
  send(
    path: string,
    body: object,
    headers?: object,
  ): Promise<{ status: number; text: string; replayed: string | null }>;
}

interface Issuer {
  readonly database: string;
  start(): Promise<Running>;
}

async function prepare(): Promise<Issuer> {
  const folder = makeFolder();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  let token: string | null = null;
  return {
    database: join(folder, "data", "doorproof.sqlite"),
    async start() {
      const child = spawn(process.execPath, [MAIN], {
        cwd: folder,
        env: { ...COMPILE_CACHE, PORT: String(port) },
        stdio: ["ignore", "ignore", "inherit"],
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      const ended = once(child, "close").then(([code, signal]) => code ?? signal);
      await vi.waitFor(async () => expect((await fetch(`${origin}/readyz`)).status).toBe(200), {
        timeout: PATIENCE,
        interval: 50,
      });
      token ??= await makeApiKey(folder);
      const authorization = `Bearer ${token}`;
      return {
        process: child,
        ended,
        async send(path, body, headers = {}) {
          const answer = await fetch(`${origin}${path}`, {
            method: "POST",
            headers: { authorization, "content-type": "application/json", ...headers },
            body: JSON.stringify(body),
          });
          const replayed = answer.headers.get("idempotency-replayed");
          return { status: answer.status, text: await answer.text(), replayed };
        },
      };
    },
  };
}

/** Clients work until the process is gone; the signal comes once so many acts were answered. */
async function endIn(
  running: Running,
  { answered, signal }: { answered: number; signal: NodeJS.Signals },
  acts: Act[],
): Promise<number | string | null> {
  const before = countAnswered(acts);
  const work = async () => {
    for (;;) {
      const act = {
        deliveryId: `D${acts.length}`,
        key: randomUUID(),
        recordId: randomUUID(),
        issued: null,
        redeemed: null,
      };
      acts.push(act);
      try {
        await play(running, act);
      } catch (error) {
        // No answer, which is fetch's error: the process is gone, or takes nothing new.
        if (error instanceof TypeError) return;
        throw error;
      }
      // A second SIGTERM would end it at once.
      if (countAnswered(acts) - before >= answered && !running.process.killed) running.process.kill(signal);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, work));
  return running.ended;
}

function countAnswered(acts: readonly Act[]): number {
  return acts.filter(({ redeemed }) => redeemed !== null).length;
}

/** As a client that repeats what was not answered. @throws {Error} no answer */
async function play(running: Running, act: Act): Promise<void> {
  act.issued = await issue(running, act);
  act.redeemed = await redeem(running, act, JSON.parse(act.issued).voucher);
}

async function issue({ send }: Running, { deliveryId, key }: Act): Promise<string> {
  const order = { deliveryId, phone: "+447700900123", expiresIn: "48h" };
  const { status, text } = await send("/v1/vouchers", order, { "idempotency-key": key });
  expect([status, text]).toEqual([201, text]);
  return text;
}

/** @returns the record's answer */
async function redeem({ send }: Running, { recordId: id }: Act, voucher: string): Promise<string> {
  const record = { id, voucher, via: "scan", at: new Date().toISOString(), takenBy: "recipient" };
  const { status, text } = await send("/v1/redemptions", { records: [record] });
  expect([status, text]).toEqual([200, text]);
  return JSON.stringify(JSON.parse(text).results);
}

/** Everything is sent once more to the next process, whether it was answered or not. */
async function judge(issuer: Issuer, acts: readonly Act[]): Promise<void> {
  expect(countAnswered(acts)).toBeGreaterThan(20);
  const running = await issuer.start();
  for (const act of acts) {
    const issued = await issue(running, act);
    if (act.issued !== null) expect([act.deliveryId, issued]).toEqual([act.deliveryId, act.issued]);
    const redeemed = await redeem(running, act, JSON.parse(issued).voucher);
    expect(JSON.parse(redeemed)).toEqual([{ id: act.recordId, status: "accepted" }]);
    if (act.redeemed !== null) expect(redeemed).toBe(act.redeemed);
  }
  running.process.kill("SIGTERM");
  expect(await running.ended).toBe(0);
  const database = new Database(issuer.database, { readonly: true });
  onTestFinished(() => void database.close());
  const count = (table: string) => database.prepare(`select count(*) from ${table}`).pluck().get();
  expect(["deliveries", "vouchers", "redemptions", "acceptances"].map(count)).toEqual(Array(4).fill(acts.length));
  expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
}

async function makeApiKey(folder: string): Promise<string> {
  const operations = await openOperations(
    { DATA_DIR: join(folder, "data"), KEYS_DIR: join(folder, "keys") },
    { now: () => Math.floor(Date.now() / 1000), uptime: () => 0, random: seededRandom("crash") },
  );
  const key = { name: "desk", permissions: ["issue", "redeem"], courier: "*", expiresAt: null } as const;
  const { token } = await operations.createApiKey(key);
  await operations.close();
  return token;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { filledBodies } from "../../apps/issuer/test/filled-bodies.ts";
import openapi from "../../packages/api/openapi.json" with { type: "json" };
import { PATIENCE } from "../patience.ts";
import type { Stretches } from "./stretches.main.ts";

const KIB = 1024;
/** Of each kind of body one, and how long it may be. */
const HEAVY = [
  { path: "/v1/redemptions", method: "post", limit: 256 * KIB },
  { path: "/v1/couriers/{courier}/deliveries", method: "put", limit: 64 * KIB },
  { path: "/v1/routes/{route}/stops", method: "put", limit: 64 * KIB },
  { path: "/v1/vouchers", method: "post", limit: 16 * KIB },
] as const;
const RECORDS = 500;
const UPLOADS = 4;
/** Milliseconds. */
const TARGETS = { refused: 50, livez: 100, stretchOfRefused: 50, stretch: 20 };

/**
 * What one caller's requests leave to the others: an issuer as a process of its own, bodies that are filled to their
 * limit and refused, then uploads of good records. The process exits with 1 when a target is missed.
 */
export async function printRequests(): Promise<void> {
  const issuer = await startIssuer();
  try {
    const bodies = await refusedBodies(issuer);
    const dearest = await findDearest(issuer, bodies);
    const duringRefused = await observe(issuer, async () => {
      for (const body of bodies) await issuer.send(body);
    });
    const uploads = await goodUploads(issuer);
    const duringUploads = await observe(issuer, async () => {
      for (const upload of uploads) await redeemAll(issuer, upload);
    });
    console.log(
      `\nRequests to an issuer in a process of its own: ${bodies.length} bodies that are filled to their limit and refused, then ${UPLOADS} uploads of ${RECORDS} good records`,
    );
    console.log(`  ${"ms".padEnd(92)}${"measured".padStart(8)}    target`);
    row(`CPU of the dearest refused body: ${dearest.what}`, dearest.cpu, TARGETS.refused);
    for (const [when, seen, stretch] of [
      ["refused bodies", duringRefused, TARGETS.stretchOfRefused],
      ["uploads", duringUploads, TARGETS.stretch],
    ] as const) {
      row(`slowest /livez of ${seen.asked} during ${when}`, seen.livez, TARGETS.livez);
      row(`longest stretch of our own code during ${when}`, seen.longest, stretch);
      row(`longest commit during ${when}`, seen.longestCommit);
    }
  } finally {
    await issuer.close();
  }
}

interface Body {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly text: string;
}

interface Issuer {
  readonly origin: string;
  /** With a key that may all of it. @returns the status and what was answered */
  send(body: Body): Promise<{ status: number; text: string }>;
  ask<T>(what: "cpu" | "tell"): Promise<T>;
  watch(): void;
  close(): Promise<void>;
}

async function refusedBodies({ send }: Issuer): Promise<readonly Body[]> {
  const bodies: Body[] = [];
  for (const { path, method, limit } of HEAVY) {
    const { [method]: operation } = openapi.paths[path] as unknown as Record<
      string,
      Parameters<typeof filledBodies>[1]
    >;
    if (operation === undefined) throw new Error(`openapi.json has no ${method} ${path}`);
    for (const [shape, fill] of Object.entries(filledBodies(openapi, operation))) {
      const what = `${method.toUpperCase()} ${path}, ${shape}`;
      bodies.push({ what, method, path: path.replace(/\{\w+\}/, "bench"), text: fill(limit - 1) });
    }
  }
  for (const body of bodies) {
    const { status, text } = await send(body);
    // A record that is refused is told in an answer of 200.
    const isRefused = [400, 422].includes(status) || (status === 200 && text.includes('"invalid-record"'));
    if (!isRefused) throw new Error(`${body.what}: ${status} ${text.slice(0, 200)}`);
  }
  return bodies;
}

/** Each by the cheapest of its runs: the workers in the background, and garbage, are not its cost. */
async function findDearest(issuer: Issuer, bodies: readonly Body[]): Promise<{ what: string; cpu: number }> {
  let dearest = { what: "", cpu: 0 };
  for (const body of bodies) {
    let cheapest = Infinity;
    for (let run = 0; run < 3 && cheapest > dearest.cpu; run++) {
      const before = await issuer.ask<{ cpu: number }>("cpu");
      await issuer.send(body);
      const after = await issuer.ask<{ cpu: number }>("cpu");
      cheapest = Math.min(cheapest, after.cpu - before.cpu);
    }
    if (cheapest > dearest.cpu) dearest = { what: body.what, cpu: cheapest };
  }
  return dearest;
}

interface Seen extends Stretches {
  readonly asked: number;
  readonly livez: number;
}

/** What somebody else is served meanwhile. */
async function observe({ origin, watch, ask }: Issuer, work: () => Promise<void>): Promise<Seen> {
  let over = false;
  let asked = 0;
  let livez = 0;
  const others = (async () => {
    for (; !over; asked++) {
      const began = performance.now();
      const answer = await fetch(`${origin}/livez`);
      await answer.text();
      livez = Math.max(livez, performance.now() - began);
      await sleep(10);
    }
  })();
  watch();
  await work();
  const stretches = await ask<Stretches>("tell");
  over = true;
  await others;
  return { ...stretches, asked, livez };
}

type Upload = readonly { readonly id: string; readonly voucher: string }[];

async function goodUploads({ send }: Issuer): Promise<readonly Upload[]> {
  const uploads: Upload[] = [];
  for (let upload = 0; upload < UPLOADS; upload++) {
    const records: Upload[number][] = [];
    for (let index = 0; index < RECORDS; index++) {
      const delivery = { deliveryId: `BENCH-${upload}-${index}`, phone: "+447700900123", expiresIn: "48h" };
      const what = "a voucher";
      const { status, text } = await send({
        what,
        method: "post",
        path: "/v1/vouchers",
        text: JSON.stringify(delivery),
      });
      if (status !== 201) throw new Error(`${what}: ${status} ${text}`);
      const { voucher }: { voucher: string } = JSON.parse(text);
      records.push({ id: randomUUID(), voucher });
    }
    uploads.push(records);
  }
  return uploads;
}

async function redeemAll({ send }: Issuer, upload: Upload): Promise<void> {
  const at = new Date().toISOString();
  const records = upload.map((record) => ({ ...record, via: "scan", at, takenBy: "recipient" }));
  const what = `${RECORDS} good records`;
  const { text } = await send({ what, method: "post", path: "/v1/redemptions", text: JSON.stringify({ records }) });
  const accepted = text.match(/"accepted"/g)?.length;
  if (accepted !== RECORDS) throw new Error(`${what}: ${text.slice(0, 400)}`);
}

const MAIN = fileURLToPath(new URL("../../apps/issuer/src/main.ts", import.meta.url));
const CLI = fileURLToPath(new URL("../../apps/cli/src/main.ts", import.meta.url));
const STRETCHES = import.meta.resolve("./stretches.main.ts");

async function startIssuer(): Promise<Issuer> {
  const folder = await mkdtemp(join(tmpdir(), "doorproof-requests-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const environment = {
    PATH: process.env["PATH"] ?? "",
    PORT: String(port),
    DATA_DIR: join(folder, "data"),
    KEYS_DIR: join(folder, "keys"),
    LOG_LEVEL: "error",
  };
  const child: ChildProcess = spawn(process.execPath, ["--import", STRETCHES, MAIN], {
    env: environment,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "close");
  for (let tries = PATIENCE / 100; !(await isReady(origin)); tries--) {
    if (tries === 0 || child.exitCode !== null) throw new Error("the issuer does not get ready");
    await sleep(100);
  }
  const keyOf = ["api-key", "create", "--name", "bench", "--courier", "*", "--permissions", "issue,routes,redeem"];
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...keyOf], { env: environment });
  const headers = { authorization: `Bearer ${stdout.trim()}`, "content-type": "application/json" };
  return {
    origin,
    async send({ method, path, text, what }) {
      const answer = await fetch(`${origin}${path}`, { method: method.toUpperCase(), headers, body: text });
      if (answer.status === 429) throw new Error(`${what}: this asks more often than the issuer lets a key ask`);
      return { status: answer.status, text: await answer.text() };
    },
    async ask(what) {
      const told = once(child, "message");
      child.send(what);
      return (await told)[0];
    },
    watch: () => void child.send("watch"),
    async close() {
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function isReady(origin: string): Promise<boolean> {
  return fetch(`${origin}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

function row(name: string, measured: number, target?: number): void {
  const isMissed = target !== undefined && measured >= target;
  if (isMissed) process.exitCode = 1;
  const judged = target === undefined ? "" : `  < ${target}${isMissed ? ": MISSED" : ""}`;
  console.log(`  ${name.padEnd(92)}${measured.toFixed(1).padStart(8)}    ${judged.trim()}`);
}

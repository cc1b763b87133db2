import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

// The real issuer, as a process of its own, and his back office over HTTP.

export interface Voucher {
  readonly id: string;
  readonly deliveryId: string;
  readonly voucher: string;
  readonly shortCode: string;
  readonly link: string;
  readonly label: string | null;
}

export interface RedemptionSeen {
  readonly id: string;
  readonly reporter: string;
  readonly deliveryId: string | null;
  readonly via: string;
  readonly takenBy: string;
  readonly name: string | null;
  readonly status: string;
  readonly code: string | null;
  readonly by: { readonly id: string; readonly reporter: string } | null;
}

export interface EventSeen {
  readonly kind: string;
  readonly deliveryId: string | null;
  readonly reason: string | null;
}

export interface RouteSeen {
  readonly stops: readonly { readonly deliveryId: string; readonly state: string }[];
  readonly device: { readonly id: string; readonly gaps: readonly unknown[] } | null;
}

export interface Office {
  /** The issuer's own; what devices are told is `publicUrl`. */
  readonly origin: string;
  issue(order: { deliveryId: string; label?: string; expiresAt?: string; expiresIn?: string }): Promise<Voucher>;
  reissue(voucher: Voucher): Promise<Voucher>;
  putStops(route: string, stops: readonly string[], force?: boolean): Promise<void>;
  /** Until every stop of the route is on the manifest. */
  sealed(route: string): Promise<void>;
  route(name: string): Promise<RouteSeen>;
  /** Of the one-time link. */
  enrolment(route: string): Promise<string>;
  /** Oldest first. */
  redemptions(status?: string): Promise<RedemptionSeen[]>;
  events(): Promise<EventSeen[]>;
  /** The command line beside him. @returns what it printed */
  run(...words: readonly string[]): Promise<string>;
  /** Where his keys lie. */
  readonly keys: string;
  /** Every private key and secret that lies in his folder, by name. */
  privateData(): Promise<ReadonlyMap<string, Uint8Array>>;
  close(): Promise<void>;
}

const REPOSITORY = join(import.meta.dirname, "../../..");
const PHONE = "+447700900123";

/** @param publicUrl where devices find him, if something stands before him */
export async function openOffice({ publicUrl }: { publicUrl?: string } = {}): Promise<Office> {
  const folder = await mkdtemp(join(tmpdir(), "doorproof-office-"));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const environment = {
    PATH: process.env.PATH ?? "",
    PORT: String(port),
    PUBLIC_URL: publicUrl ?? origin,
    DATA_DIR: join(folder, "data"),
    KEYS_DIR: join(folder, "keys"),
    DEFAULT_COUNTRY: "GB",
  };
  const issuer: ChildProcess = spawn(process.execPath, [join(REPOSITORY, "apps/issuer/src/main.ts")], {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<void>((resolve) => issuer.once("close", () => resolve()));
  await until(async () => (await fetch(`${origin}/readyz`)).ok || Promise.reject(new Error("not ready")));
  const cli = join(REPOSITORY, "apps/cli/src/main.ts");
  const run = async (...words: readonly string[]) =>
    (await promisify(execFile)(process.execPath, [cli, ...words], { env: environment })).stdout;
  const apiKey = (await run("api-key", "create", "--scope", "vouchers")).trim();

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async function all<T>(path: string): Promise<T[]> {
    const found: (T & { cursor: string })[] = [];
    for (let after = ""; ; ) {
      const page = await call<{ data: (T & { cursor: string })[]; hasMore: boolean }>(
        "GET",
        `${path}limit=100${after}`,
      );
      found.push(...page.data);
      if (!page.hasMore) return found.reverse();
      after = `&after=${page.data.at(-1)?.cursor}`;
    }
  }

  const office: Office = {
    origin,
    issue: ({ expiresAt, expiresIn, ...order }) =>
      call("POST", "/v1/vouchers", {
        ...order,
        phone: PHONE,
        ...(expiresAt === undefined ? { expiresIn: expiresIn ?? "24h" } : { expiresAt }),
      }),
    reissue: ({ id }) => call("POST", `/v1/vouchers/${id}/reissue`, { expiresIn: "24h" }),
    putStops: async (route, stops, force) => {
      const body = { stops, country: "GB", ...(force === undefined ? {} : { force }) };
      await call("PUT", `/v1/routes/${route}/stops`, body);
    },
    sealed: (route) =>
      until(async () => {
        const { stops } = await office.route(route);
        const late = stops.filter(({ state }) => state !== "on" && state !== "delivered");
        if (late.length > 0) throw new Error(`not on the manifest: ${JSON.stringify(late)}`);
      }),
    route: (name) => call("GET", `/v1/routes/${name}`),
    enrolment: async (route) => (await call<{ link: string }>("POST", `/v1/routes/${route}/devices`, {})).link,
    redemptions: (status) => all(`/v1/redemptions?${status === undefined ? "" : `status=${status}&`}`),
    events: () => all("/v1/events?"),
    run,
    keys: environment.KEYS_DIR,
    privateData: () => readPrivate(join(folder, "keys/private")),
    close: async () => {
      issuer.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
  return office;
}

// Private keys as PKCS #8: the seed is the last 32 bytes.
async function readPrivate(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), "utf8");
    const base64 = text.replace(/-----[^-]+-----|\s/g, "");
    if (name.endsWith(".pem")) found.set(name, Buffer.from(base64, "base64").subarray(-32));
    else
      for (const [, secret = "", hex = ""] of text.matchAll(/(\w+)="?([0-9a-f]{64})/gi))
        found.set(secret, Buffer.from(hex, "hex"));
  }
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

// Not the test runner's: the bench opens an office too.
async function until(holds: () => Promise<unknown>): Promise<void> {
  for (let tries = 300; ; tries--) {
    const error = await holds().then(
      () => null,
      (thrown: unknown) => thrown ?? new Error("not yet"),
    );
    if (error === null) return;
    if (tries === 0) throw error;
    await sleep(200);
  }
}

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { PATIENCE } from "../../../tools/patience.ts";
import { initKeyFolder, openOperations, rotateKeys } from "../src/operations.ts";
import { aPort, becomesReady, start } from "./issuer-process.ts";
import { PROCESSES } from "./processes.ts";
import { makeFolder, seededRandom } from "./world.ts";

async function freePort(): Promise<{ port: number; server: Server }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, server };
}

async function makeApiKey(folder: string): Promise<string> {
  const environment = { DATA_DIR: join(folder, "data"), KEYS_DIR: join(folder, "keys") };
  const operations = await openOperations(environment, {
    now: () => Math.floor(Date.now() / 1000),
    uptime: () => 0,
    random: seededRandom("start"),
  });
  const { token } = await operations.createApiKey({
    name: "desk",
    permissions: ["read", "issue"],
    courier: null,
    expiresAt: null,
  });
  await operations.close();
  return token;
}

test("starts with no configuration, says what to do, sends what is due, and stops with what is in flight finished", async () => {
  const folder = makeFolder();
  const port = await aPort();
  const first = start(folder, { PORT: String(port) });
  await becomesReady(port);
  const [outboxLink = "none was printed"] = /http\S+\/outbox\/\S+/.exec(first.said.out) ?? [];
  expect((await fetch(outboxLink)).status).toBe(200);
  expect((await fetch(outboxLink.slice(0, -1))).status).toBe(404);
  expect(first.said.out).toContain("first start");
  expect(first.said.out).toContain("api-key create");
  expect(readdirSync(folder).toSorted()).toEqual(["data", "keys"]);
  expect(statSync(join(folder, "keys", "private", "secrets.env")).mode & 0o777).toBe(0o600);

  // Half a request, then SIGTERM, then the other half.
  const body = JSON.stringify({ deliveryId: "RR123456785DE", phone: "+447700900123", expiresIn: "48h" });
  const token = await makeApiKey(folder);
  const head = [
    "POST /v1/vouchers HTTP/1.1",
    `Host: localhost:${port}`,
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
  ];
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.write(`${head.join("\r\n")}\r\n\r\n${body.slice(0, 20)}`);
  // Answered on another connection afterwards: by then the process has read the half.
  await becomesReady(port);
  first.process.kill("SIGTERM");
  await vi.waitFor(
    async () => expect(await fetch(`http://127.0.0.1:${port}/livez`).catch(() => "refused")).toBe("refused"),
    { timeout: PATIENCE },
  );
  expect(first.process.exitCode).toBe(null);
  socket.write(body.slice(20));
  expect(await first.ended).toBe(0);
  expect(answer).toMatch(/^HTTP\/1\.1 201 /);
  expect(first.said.err).toBe("");

  // What was answered is durable: the next process sends its message, and makes no new keys.
  const keys = readFileSync(join(folder, "keys", "keys.cose"));
  const second = start(folder, { PORT: String(port) });
  await becomesReady(port);
  const outbox = join(folder, "data", "outbox.ndjson");
  await vi.waitFor(() => expect(existsSync(outbox) && readFileSync(outbox, "utf8")).toContain("+447700900123"), {
    timeout: PATIENCE,
  });
  expect(statSync(outbox).mode & 0o777).toBe(0o600);
  expect(second.said.out).not.toContain("first start");
  expect(readFileSync(join(folder, "keys", "keys.cose"))).toEqual(keys);
  second.process.kill("SIGINT");
  expect(await second.ended).toBe(0);
});

test("asked nothing all the while, it meets the list that names the next root, and believes that one when it signs", async () => {
  const folder = makeFolder();
  const port = await aPort();
  const { said } = start(folder, { PORT: String(port), LOG_LEVEL: "info" });
  await becomesReady(port);
  const keys = { folder: join(folder, "keys"), rootFolder: join(folder, "keys", "private") };
  const nextRootFolder = join(folder, "stick2");
  const options = { processes: PROCESSES, now: Math.floor(Date.now() / 1000), prune: false };
  await rotateKeys(keys, { ...options, nextRootFolder });
  await vi.waitFor(() => expect(said.err).toContain("took up a key list"), { timeout: PATIENCE });
  await rotateKeys({ ...keys, rootFolder: nextRootFolder }, options);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  expect(said.err).not.toContain("run failed");
});

test("refuses in production without keys and secrets, naming all at once, and makes nothing", async () => {
  const folder = makeFolder();
  const { said, ended } = start(folder, {
    PUBLIC_URL: "https://dp.example",
    PORT: "many",
    DATABASE_URL: "postgres://db",
  });
  expect(await ended).toBe(2);
  for (const name of ["PORT", "DATABASE_URL", "KEYS_DIR", "CODE_SECRET", "LINK_SECRET", "DATA_SECRET"])
    expect(said.err).toContain(`${name}: `);
  expect(said.err).not.toMatch(/\n\s+at /);
  expect(said.out).toBe("");
  expect(readdirSync(folder)).toEqual([]);
});

test("refuses in production while the root's private key lies there, and a trial's keys", async () => {
  const folder = makeFolder();
  const keys = { folder: join(folder, "keys"), rootFolder: join(folder, "keys", "private") };
  await initKeyFolder(keys, { issuer: "Doorproof", now: Math.floor(Date.now() / 1000), random: seededRandom("start") });
  const { said, ended } = start(folder, { PUBLIC_URL: "https://dp.example", PORT: String(await aPort()) });
  expect(await ended).toBe(2);
  expect(said.err).toContain("KEYS_DIR: the root's private key lies in keys/private/root.pem");
  expect(said.err).toContain("trial issuer Doorproof");
  expect(said.err).toContain("SMS_GATEWAY: log is for trials");
  expect(said.err).not.toMatch(/\n\s+at /);
  expect(existsSync(join(folder, "data"))).toBe(false);
});

test("a port that is taken is said in a sentence", async () => {
  const { port, server } = await freePort();
  onTestFinished(() => void server.close());
  const { said, ended } = start(makeFolder(), { PORT: String(port) });
  expect(await ended).toBe(4);
  expect(said.err).toMatch(/did not start: .*EADDRINUSE.*\n.*set PORT/);
  expect(said.err).not.toMatch(/\n\s+at /);
});

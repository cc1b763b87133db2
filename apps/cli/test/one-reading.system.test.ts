// The command line and the API say the same of the world: one table of inputs runs through a real `doorproof` and
// through a running issuer.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";
import { PATIENCE } from "../../../tools/patience.ts";

const DOORPROOF = join(import.meta.dirname, "../src/main.ts");
const ISSUER = join(import.meta.dirname, "../../issuer/src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "doorproof-one-reading-"));

let issuer: ChildProcess;
let address: string;
let token: string;
beforeAll(async () => {
  doorproof(["keys", "init", "--issuer", "demo.example"]);
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  issuer = spawn(process.execPath, [ISSUER], {
    cwd: folder,
    env: { ...COMPILE_CACHE, PORT: `${port}` },
    stdio: "ignore",
  });
  token = doorproof(["api-key", "create", "--name", "desk", "--scope", "vouchers"]).stdout.trim();
  await vi.waitFor(async () => expect((await fetch(`${address}/readyz`)).ok).toBe(true), {
    timeout: PATIENCE,
    interval: 200,
  });
});
afterAll(async () => {
  issuer.kill("SIGTERM");
  if (issuer.exitCode === null) await once(issuer, "exit");
  rmSync(folder, { recursive: true });
});

describe("a recipient's number", () => {
  it.each<[phone: string, country: string | undefined, taken: boolean]>([
    ["+447700900123", undefined, true],
    ["+44 7700 900123", "GB", true],
    ["07700 900123", "GB", true],
    ["07700 900123", undefined, false],
    ["07700 900123", "gb", false],
    ["07700 900123", "ZZ", false],
    // A number that is found in a sentence is a guess.
    ["07700 900123 or so", "GB", false],
    ["+447700900123 ext 5", undefined, false],
    ["+447700900123;ext=5", undefined, false],
    ["tel:+447700900123", undefined, false],
    ["+4477", undefined, false],
    // A fixed line of London gets no SMS.
    ["+442079460123", undefined, false],
    ["+390612345678", "IT", false],
    [`+44${"7".repeat(50)}`, undefined, false],
    ["", "GB", false],
  ])("%j of %s", async (phone, country, taken) => {
    const byHand = doorproof([
      ...["issue", "--delivery", "A1", `--phone=${phone}`, "--expires", "1h", "--json"],
      ...(country === undefined ? [] : ["--country", country]),
    ]);
    const answer = await askApi({ phone, ...(country !== undefined && { country }) });
    expect(byHand.status, byHand.stderr).toBe(taken ? 0 : 2);
    // 400 by the schema, 422 by the domain.
    expect(taken ? [201] : [400, 422], answer.detail).toContain(answer.status);
  });
});

const [FIRST, SECOND] = ["ab".repeat(32), "cd".repeat(32)];

describe("the secret of short codes", () => {
  it.each<[what: string, environment: NodeJS.ProcessEnv, taken: boolean]>([
    ["in the key folder", {}, true],
    ["in the environment", { CODE_SECRET: FIRST }, true],
    ["two, the newest first", { CODE_SECRET: `${FIRST},${SECOND}` }, true],
    ["two with a space between", { CODE_SECRET: `${FIRST}, ${SECOND}` }, false],
    ["too short", { CODE_SECRET: "abcd" }, false],
    ["set to nothing", { CODE_SECRET: "" }, true],
    ["in a file", { CODE_SECRET_FILE: "secret" }, true],
    ["in a file that is not there", { CODE_SECRET_FILE: "none" }, false],
    ["given twice", { CODE_SECRET: FIRST, CODE_SECRET_FILE: "secret" }, false],
  ])("%s", (_, environment, taken) => {
    writeFileSync(join(folder, "secret"), `${FIRST}\n`);
    const byHand = doorproof(["issue", "--delivery", "A1", "--phone", "+447700900123", "--expires", "1h"], environment);
    // A port that cannot be is one fault more: it tells all that it finds and does not start.
    const { stderr } = spawnSync(process.execPath, [ISSUER], {
      cwd: folder,
      env: { ...COMPILE_CACHE, ...environment, PORT: "none" },
      encoding: "utf8",
    });
    expect(stderr).toContain("PORT: ");
    expect([byHand.status, stderr.includes("CODE_SECRET")], byHand.stderr).toEqual(taken ? [0, false] : [2, true]);
  });
});

// Last, for it changes the keys. Of the thirteen that were made, twelve are later's from the beginning.
describe("the key that signs", () => {
  let withdrawn: string;

  it("is the one of now", async () => {
    const { kid } = await askApi({});
    expect(kid).toMatch(/^[0-9a-f]{8}$/);
    expect(issueByHand().kid).toBe(kid);
    withdrawn = kid ?? "";
  });

  it("is none that was withdrawn, even where there is no other", async () => {
    expect(doorproof(["keys", "revoke", withdrawn]).status).toBe(0);
    expect((await askApi({})).status).toBe(503);
    expect(issueByHand().status).toBe(3);
  });

  it("is the one that was made instead", async () => {
    expect(doorproof(["keys", "rotate"]).status).toBe(0);
    const { kid } = await askApi({});
    expect(kid).toMatch(/^[0-9a-f]{8}$/);
    expect(kid).not.toBe(withdrawn);
    expect(issueByHand().kid).toBe(kid);
  });

  it("is not looked for where there is none", () => {
    mkdirSync(join(folder, "empty"));
    expect(issueByHand({ KEYS_DIR: "empty" }).status).toBe(4);
  });
});

function issueByHand(environment: NodeJS.ProcessEnv = {}): { status: number | null; kid: string | undefined } {
  const words = ["issue", "--delivery", "A1", "--phone", "+447700900123", "--expires", "1h", "--json"];
  const { status, stdout } = doorproof(words, environment);
  return { status, kid: status === 0 ? JSON.parse(stdout).kid : undefined };
}

let count = 0;

async function askApi(body: object): Promise<{ status: number; kid?: string; detail: string }> {
  const delivery = { deliveryId: `B${count++}`, phone: "+447700900123", expiresIn: "1h", sms: false, ...body };
  const answer = await fetch(`${address}/v1/vouchers`, {
    method: "POST",
    // Each on a connection of its own: while a command runs, this process does not hear that a kept one was closed.
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", connection: "close" },
    body: JSON.stringify(delivery),
  });
  const text = await answer.text();
  // An ID is the kid and the cti.
  return { status: answer.status, kid: JSON.parse(text).id?.slice(0, 8), detail: text };
}

function doorproof(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const env = { ...COMPILE_CACHE, ...environment };
  return spawnSync(process.execPath, [DOORPROOF, ...words], { cwd: folder, env, encoding: "utf8" });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  server.close();
  await once(server, "close");
  if (bound === null || typeof bound === "string") throw new Error("no port was given");
  return bound.port;
}

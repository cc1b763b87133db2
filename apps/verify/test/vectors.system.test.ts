// The vectors by the real command: each question that the command line can ask is one process, its texts are lines on standard input.

import { spawn } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { isDeliveryId } from "@doorproof/voucher";
import { afterAll, describe, expect, it } from "vitest";
import { bytesOf } from "../../../packages/voucher/vectors/octets.ts";
import type {
  Given,
  KeySource,
  QuestionData,
  RefusedCase,
  ValidCase,
} from "../../../packages/voucher/vectors/schema.ts";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const given: Given = read("given.json");
const cases: (ValidCase | RefusedCase)[] = [
  ...read<ValidCase[]>("vouchers-valid.json"),
  ...read<RefusedCase[]>("vouchers-refused.json"),
];
const folder = mkdtempSync(join(tmpdir(), "doorproof-vectors-"));
afterAll(() => rmSync(folder, { recursive: true }));

for (const [name, source] of Object.entries(given.keySets)) writeKeys(name, source);
for (const [name, document] of Object.entries(given.revocations)) {
  writeFileSync(join(folder, `${name}.revocations`), Buffer.from(document, "hex"));
}

// The command line has no memory of a device and no manifest; a line cannot hold a line break; a delivery ID that is none is a usage error.
const askable = cases.filter(({ text, question: { manifest, used, seen, phones = [""], delivery } }) => {
  const isPlain = manifest === undefined && used === undefined && seen === undefined && phones.length === 1;
  return isPlain && (delivery === null || isDeliveryId(delivery)) && !/\n|\r$/.test(text);
});

// One process a question takes time: of the questions about a bare set only those that many cases share.
const questions = Map.groupBy(askable, ({ question }) => JSON.stringify(question));
const asked = [...questions].filter(([question, group]) => group.length > 1 || !question.includes('"jwks"'));

describe("doorproof verify - --json", () => {
  it.concurrent.each(asked)("%s", async (_, group) => {
    const [{ question } = { question: undefined }] = group;
    if (!question) throw new Error("a question without a case");
    const { verdicts, exit } = await ask(
      question,
      group.map(({ text }) => text),
    );
    expect(verdicts.map(reduce)).toEqual(group.map(({ expect }) => expected(expect)));
    expect(exit).toBe(worstOf(verdicts));
  });

  it("was asked of most vectors", () => {
    const count = asked.reduce((sum, [, group]) => sum + group.length, 0);
    expect(count).toBeGreaterThan(cases.length / 2);
  });
});

interface VerdictJson {
  readonly ok: boolean;
  readonly code: string | null;
  readonly step?: string;
  readonly deliveryId: string | null;
  readonly cti: string | null;
  readonly notes: readonly string[];
}

async function ask(question: QuestionData, texts: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, "verify", "-", "--json", ...options(question)], {
    cwd: folder,
    env: COMPILE_CACHE,
  });
  child.stdin.end(texts.map((line) => `${line}\n`).join(""));
  const [stdout, stderr, exit] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on("close", resolve)),
  ]);
  expect(stderr).toBe("");
  const verdicts: VerdictJson[] = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { verdicts, exit };
}

function options({ now, delivery, keys, revocations, phones }: QuestionData): string[] {
  const source = given.keySets[keys];
  if (!source) throw new Error(`no key set ${keys}`);
  return [
    `--now=${new Date(now * 1000).toISOString()}`,
    `--keys=${keys}${"jwks" in source ? ".json" : "coseKeys" in source ? ".cbor" : ".cose"}`,
    ...("keyList" in source ? [`--root=${keys}.pem`] : []),
    ...(namesIssuer(source) ? [] : [`--issuer=${given.issuer}`]),
    ...(delivery === null ? [] : [`--delivery=${delivery}`]),
    ...(revocations === undefined ? [] : [`--revocations=${revocations}.revocations`]),
    ...(phones ?? []).map((phone) => `--phone=${phone}`),
  ];
}

/** A file that does not say whose keys it holds is of no use to a command line that is not told either. */
function namesIssuer(source: KeySource): boolean {
  return "jwks" in source && typeof source.jwks === "object" && source.jwks !== null && "issuer" in source.jwks;
}

function reduce({ ok, code, step, deliveryId, cti, notes }: VerdictJson) {
  return ok ? { deliveryId, cti, notes } : { code, ...(step !== undefined && { step }) };
}

function expected(expect: ValidCase["expect"] | RefusedCase["expect"]) {
  return "code" in expect ? expect : { deliveryId: expect.deliveryId, cti: expect.cti, notes: expect.notes };
}

const UNDECIDED = ["unknown-key", "stale-keys", "stale-revocations", "clock-behind"];

function worstOf(verdicts: readonly VerdictJson[]): number {
  if (verdicts.some(({ code }) => code !== null && !UNDECIDED.includes(code))) return 1;
  return verdicts.some(({ ok }) => !ok) ? 3 : 0;
}

function writeKeys(name: string, source: KeySource): void {
  if ("jwks" in source) writeFileSync(join(folder, `${name}.json`), JSON.stringify(source.jwks));
  else if ("coseKeys" in source) writeFileSync(join(folder, `${name}.cbor`), bytesOf(source.coseKeys));
  else {
    const [root = ""] = source.roots;
    const jwk = { kty: "OKP", crv: "Ed25519", x: Buffer.from(root, "hex").toString("base64url") };
    writeFileSync(join(folder, `${name}.cose`), Buffer.from(source.keyList, "hex"));
    writeFileSync(
      join(folder, `${name}.pem`),
      createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" }),
    );
  }
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../packages/voucher/vectors/${name}`, import.meta.url), "utf8"));
}

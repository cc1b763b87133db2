import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { signVoucher } from "@doorproof/signer";
import { writeJwks } from "@doorproof/voucher";
import { readBlocks, splitLines } from "../../apps/verify/src/lines.ts";
import { claims, key, now, rawPublicKey, until } from "./given.ts";

const LINES = 200_000;
const ROUNDS = 3;
const CORES = availableParallelism();
const MAIN = join(import.meta.dirname, "../../apps/cli/src/main.ts");

/** Verifications a second. */
interface Round {
  readonly one: number;
  readonly all: number;
  readonly doorproof: number;
}

/**
 * Verifies a file of many vouchers by the command as people run it, its start and its keys included, and compares with
 * `node:crypto` alone: on one core, and on all at once, since two threads of one core do less than two cores.
 */
export async function printBulk(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doorproof-bulk-"));
  try {
    const file = join(folder, "vouchers.txt");
    const keys = join(folder, "jwks.json");
    writeFileSync(keys, JSON.stringify(writeJwks("bench", [rawPublicKey])));
    await writeVouchers(file);

    const rounds: Round[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      rounds.push({ one: await bare(1), all: await bare(CORES), doorproof: LINES / (await verifyAll(file, keys)) });
    }
    const median = (of: (round: Round) => number) =>
      rounds.map(of).toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
    const rate = median(({ doorproof }) => doorproof);
    const share = (of: (round: Round) => number) => median((round) => round.doorproof / of(round)).toFixed(2);

    console.log(`\nVerifying ${LINES.toLocaleString("en")} vouchers from a file, output thrown away, ${CORES} cores`);
    console.log(`  ${`a second, median of ${ROUNDS} rounds in turn`.padEnd(58)}`);
    row(
      "bare node:crypto verify, one core",
      median(({ one }) => one),
    );
    row(
      `bare node:crypto verify, ${CORES} threads at once`,
      median(({ all }) => all),
    );
    row(
      "doorproof verify -, its start included",
      rate,
      `${share(({ one }) => CORES * one)} of ${CORES} x one core, ${share(({ all }) => all)} of the threads at once`,
    );
    const reading = (await readAll(file)) / LINES;
    row("its reader alone, blocks and lines", 1 / reading, `${(100 * reading * rate).toFixed(1)} % of that time`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function writeVouchers(file: string): Promise<void> {
  const out = createWriteStream(file);
  for (let i = 0; i < LINES; i++) {
    const other = { ...claims, deliveryId: `RR${100_000_000 + i}DE`, cti: new Uint8Array(randomBytes(8)) };
    out.write(`${await signVoucher(other, { key, until, now, selfCheck: false })}\n`);
  }
  await new Promise<void>((resolve) => out.end(resolve));
}

/** @returns seconds */
async function verifyAll(file: string, keys: string): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [MAIN, "verify", "-", "--keys", keys], {
    stdio: [openSync(file, "r"), openSync("/dev/null", "w"), "pipe"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`verify ended with ${code}: ${said}`);
  return (performance.now() - began) / 1000;
}

/** @returns seconds */
async function readAll(file: string): Promise<number> {
  const began = performance.now();
  let count = 0;
  for await (const block of readBlocks(createReadStream(file), { longest: 232 })) count += splitLines(block).length;
  if (count !== LINES) throw new Error(`${count} lines`);
  return (performance.now() - began) / 1000;
}

// A voucher's signature is over 170 bytes.
const BARE = `
const { generateKeyPairSync, randomBytes, sign, verify } = require("node:crypto");
const { parentPort } = require("node:worker_threads");
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const message = randomBytes(170);
const signature = sign(null, message, privateKey);
const run = (seconds) => {
  const until = performance.now() + 1000 * seconds;
  let count = 0;
  for (; performance.now() < until; count++) if (!verify(null, message, publicKey, signature)) throw new Error("not valid");
  return count / seconds;
};
run(0.3);
parentPort.postMessage(run(3));
`;

/** @returns verifications a second, of all threads together */
async function bare(threads: number): Promise<number> {
  const rates = Array.from({ length: threads }, () => {
    const worker = new Worker(BARE, { eval: true });
    return new Promise<number>((resolve, reject) => worker.on("message", resolve).on("error", reject));
  });
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
}

function row(name: string, rate: number, more = ""): void {
  console.log(`  ${name.padEnd(58)}${Math.round(rate).toLocaleString("en").padStart(10)}  ${more}`);
}

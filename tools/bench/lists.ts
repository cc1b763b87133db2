import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { signKeyList, signRevocations } from "@doorproof/signer";
import { printFilters } from "./bloom.ts";
import { bundle, type Engine } from "./bundle.ts";
import { now, signingKey, until } from "./given.ts";

const KEYS = 8;
const REVOKED = 10_000;

/** Milliseconds. */
export interface Round {
  readonly keys: number;
  readonly revocations: number;
  readonly search: number;
  readonly all: number;
}

const STEPS: Readonly<Record<keyof Round, string>> = {
  keys: `the key list: signature, payload, import of ${KEYS} keys and the root`,
  revocations: `the revocation list: signature, payload, order of ${grouped(REVOKED)} entries`,
  search: "one search in it",
  all: "all of it",
};

/**
 * What a device does with its lists, on either engine: it reads both when they are fetched, and searches them for each
 * voucher.
 */
export async function printLists(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "doorproof-lists-"));
  try {
    const { keyList, revocationList } = await writeLists(folder);
    const engines = await readInTurn(folder, ["node:crypto", "noble"]);
    console.log(`\nReading a signed list of ${KEYS} keys and one of ${grouped(REVOKED)} revocations`);
    row("ms, median", ["node:crypto", "noble, as in a browser"]);
    for (const [step, name] of Object.entries(STEPS)) {
      row(
        name,
        engines.map(({ warm }) => median(warm.map((round) => round[step as keyof Round]))),
      );
    }
    row(
      "all of it, the first time in a new process",
      engines.map(({ first }) => median(first.map(({ all }) => all))),
    );
    console.log(`  size: ${grouped(keyList.length)} and ${grouped(revocationList.length)} bytes`);
    printFilters();
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeLists(folder: string): Promise<Record<"keyList" | "revocationList", Uint8Array>> {
  const [root, documents] = [signingKey("root"), signingKey("documents")];
  const vouchers = Array.from({ length: KEYS - 1 }, () => signingKey("vouchers"));
  const window = { from: now, to: until };
  const list = { issuer: "acme.example", version: 1, issuedAt: now };
  const keys = [
    { use: "documents" as const, publicKey: documents.publicKey, ...window },
    ...vouchers.map(({ publicKey }) => ({ use: "vouchers" as const, publicKey, ...window })),
  ];
  const keyList = await signKeyList(
    { ...list, expiresAt: until, grace: 64_800, keys, roots: [root.publicKey] },
    { root },
  );
  const ctis = Array.from({ length: REVOKED }, () => new Uint8Array(randomBytes(8)));
  const revocationList = await signRevocations({ ...list, next: now + 21_600, kids: [], ctis }, { key: documents });
  await writeFile(join(folder, "root"), root.publicKey);
  await writeFile(join(folder, "keys.cose"), keyList);
  await writeFile(join(folder, "revocations.cose"), revocationList);
  await writeFile(join(folder, "absent"), randomBytes(8));
  return { keyList, revocationList };
}

interface Read {
  readonly warm: readonly Round[];
  /** Of each process. */
  readonly first: readonly Round[];
}

const PROCESSES = 5;
const ROUNDS = 24;
const WARM_UP = 3;

// Each engine in a process of its own, and these in turn, so that a drift of the machine meets both alike.
async function readInTurn(folder: string, engines: readonly Engine[]): Promise<readonly Read[]> {
  const programs = await Promise.all(
    engines.map(async (engine, i) => {
      const program = join(folder, `${i}.mjs`);
      await writeFile(program, (await bundle('import "./lists.main.ts";', engine)).code);
      return { program, runs: [] as Round[][] };
    }),
  );
  for (let turn = 0; turn < PROCESSES; turn++) {
    for (const { program, runs } of programs) {
      const { stdout } = await promisify(execFile)(process.execPath, [program, folder, String(ROUNDS)]);
      runs.push(JSON.parse(stdout));
    }
  }
  return programs.map(({ runs }) => ({
    warm: runs.flatMap((rounds) => rounds.slice(WARM_UP)),
    first: runs.flatMap((rounds) => rounds.slice(0, 1)),
  }));
}

function median(times: readonly number[]): string {
  const middle = times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
  return middle.toPrecision(3);
}

function row(name: string, cells: readonly string[]): void {
  console.log(`  ${name.padEnd(72)}${cells.map((cell) => cell.padStart(24)).join("")}`);
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}

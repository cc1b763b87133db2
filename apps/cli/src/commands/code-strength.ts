import type { Terminal } from "@doorproof/verify/verbs";
import { InvalidArgumentError } from "commander";
import type { Declare } from "../context.ts";

export const declare: Declare = (command, { terminal }) => {
  command
    .option("--symbols <count>", "base32 digits that carry bits; the check digit carries none", readSymbols, 9)
    .option("--n <cost>", "scrypt's N, a power of two (r = 8, p = 1)", readCost, 32_768)
    .option("--json", "one object a line")
    .addHelpText("after", EXAMPLES)
    .action((policy: Policy & { readonly json?: boolean }) => printTable(policy, terminal));
};

const EXAMPLES = `
Example:
  doorproof code-strength --symbols 8 --n 65536

Whoever holds a route's manifest can search its seals offline, so only the code's length and the KDF's cost protect it.
Measured: hashcat, scrypt N = 2^14, r = 8, p = 1 on an RTX 5090, 7,760 tries a second.
Bound: the card's memory, 1.79 TB/s, over 1.25 x 128 x N x r bytes a try: nobody reads memory that is not read.
The whole space; on average half of it is searched.`;

interface Policy {
  readonly symbols: number;
  readonly n: number;
}

/** Tries a second on one RTX 5090. */
const HASHCAT = { rate: 7_760, n: 2 ** 14 };
/** Bytes a second. */
const MEMORY_BANDWIDTH = 1.79e12;
const R = 8;
/** Bytes that one try must move, even with the best trade of time for memory. */
const BYTES_A_TRY = 1.25 * 128 * R;
const DOLLARS_A_GPU_HOUR = 0.5;

const HOUR = 3600;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;

interface Row {
  readonly code: string;
  readonly space: number;
}

async function printTable(
  { symbols, n, json }: Policy & { readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const measured = (HASHCAT.rate * HASHCAT.n) / n;
  const bound = MEMORY_BANDWIDTH / (BYTES_A_TRY * n);
  const rows: readonly Row[] = [
    { code: "6 decimal digits", space: 1e6 },
    { code: "8 decimal digits", space: 1e8 },
    ...[...new Set([8, 9, symbols])]
      .sort((a, b) => a - b)
      .map((count) => ({ code: nameOf(count), space: 32 ** count })),
  ];
  if (json) {
    for (const { code, space } of rows) {
      await terminal.print(
        JSON.stringify({ code, n, space, measuredSeconds: space / measured, boundSeconds: space / bound }),
      );
    }
    return;
  }
  await terminal.print(`scrypt N=${n}, r=${R}, p=1; one RTX 5090; the whole space`);
  await terminal.print(line("code", "measured", "memory bound", "average cost"));
  for (const { code, space } of rows) {
    const costs = `${formatDollars(space / measured)} / ${formatDollars(space / bound)}`;
    await terminal.print(line(code, formatTime(space / measured), formatTime(space / bound), costs));
  }
  const share = (100 * DAY * bound) / 32 ** symbols;
  await terminal.print(
    `100 such cards for a day at the bound: ${formatShare(share)} of ${nameOf(symbols)}, for one stop`,
  );
}

function nameOf(symbols: number): string {
  return `${symbols} symbols (${symbols * 5} bits)`;
}

function line(...cells: readonly [string, string, string, string]): string {
  const [code, measured, bound, cost] = cells;
  return `${code.padEnd(20)}${measured.padStart(10)}${bound.padStart(14)}${cost.padStart(20)}`;
}

function formatTime(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < HOUR) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * DAY) return `${Math.round(seconds / HOUR)} h`;
  if (seconds < YEAR) return `${Math.round(seconds / DAY)} d`;
  const years = seconds / YEAR;
  return `${years < 1e6 ? Math.round(years).toLocaleString("en") : years.toExponential(1)} y`;
}

/** The price of searching half the space, at half a dollar an hour. */
function formatDollars(seconds: number): string {
  const dollars = (seconds / 2 / HOUR) * DOLLARS_A_GPU_HOUR;
  if (dollars < 0.01) return "under 1 c";
  if (dollars < 1000) return `${dollars.toPrecision(2)} $`;
  if (dollars < 100_000) return `${Math.round(dollars / 1000)} K$`;
  return dollars < 1e9 ? `${(dollars / 1e6).toFixed(1)} M$` : `${(dollars / 1e9).toPrecision(2)} G$`;
}

function formatShare(share: number): string {
  if (share >= 1) return "all";
  return share < 0.000_001 ? "under a millionth" : `${Number((share * 100).toPrecision(1))} %`;
}

function readSymbols(text: string): number {
  return readNumber(text, (count) => count >= 4 && count <= 24, "4 to 24");
}

function readCost(text: string): number {
  return readNumber(text, (n) => n >= 2 && n <= 2 ** 24 && Math.log2(n) % 1 === 0, "a power of two, as 32768");
}

function readNumber(text: string, fits: (value: number) => boolean, expected: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!fits(value)) throw new InvalidArgumentError(`Expected: ${expected}`);
  return value;
}

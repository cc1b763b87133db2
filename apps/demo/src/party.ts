import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";

const COMMAND_LINE = join(import.meta.dirname, "../../cli/src/main.ts");

/** One of the people in the story: a folder and an environment of their own, and processes that see nothing else. */
export interface Party {
  readonly name: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where Node lies. */
  readonly node: string;
}

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
}

export function heading(number: number, text: string): void {
  console.log(`\n\n${number}  ${text}\n`);
}

export function narrate(text: string): void {
  console.log(`   ${text.trim().replaceAll(/\n[ \t]*/g, "\n   ")}\n`);
}

/**
 * Runs `doorproof` as this party, in their folder, and shows what they typed and saw. Never synchronous: on a loaded
 * machine the commands of one step take minutes, the issuer closes the connection that lies idle meanwhile, and a
 * process that stands still does not see it. Its next POST went into that dead connection: `fetch failed`.
 *
 * @param expected the exit code that the story needs; another one ends the demo
 * @param quiet shows the command and not its output
 */
export async function doorproof(
  party: Party,
  args: readonly string[],
  { expected = 0, quiet = false }: { expected?: number; quiet?: boolean } = {},
): Promise<CommandResult> {
  const child = spawn(party.node, [COMMAND_LINE, ...args], {
    cwd: party.folder,
    env: party.environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const status = child.exitCode;
  console.log(`   ${party.name}$ doorproof ${args.map(quote).join(" ")}`);
  if (!quiet || status !== expected) show(stdout, stderr);
  if (status !== expected) throw new Error(`doorproof ${args[0]} ended with ${status}, the story needs ${expected}`);
  return { status, stdout };
}

export function showLines(text: string): void {
  console.log(text.trimEnd().replaceAll(/^(?=.)/gm, "   "));
  console.log();
}

function show(stdout: string, stderr: string): void {
  const said = `${stdout.trimEnd()}\n${stderr.trimEnd()}`.trim();
  if (said !== "") showLines(said);
}

// Long arguments are cut on the screen only: a voucher text is longer than a line.
function quote(argument: string): string {
  const plain = stripVTControlCharacters(argument);
  const short = plain.length > 40 ? `${plain.slice(0, 24)}…` : plain;
  return /^[\w./:=+,-]+$/.test(short) ? short : `'${short}'`;
}

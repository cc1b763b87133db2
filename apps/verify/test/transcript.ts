// Each transcript is what a stranger would see: command lines, what they print, and the files that lie beside, as age's tests are.
//
//   $ command          run by sh; the command is the real one, a process with no setting in its environment
//   a line             of stdout; … stands for any characters
//   2> a line          of stderr
//   [1]                the exit code, if it is not 0
//   # a line           for the reader
//   -- name --         a file, to the next such line; all of them are written before the first command

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";
import { PATIENCE } from "../../../tools/patience.ts";

/** The command that a transcript is played by: its name, and its main file. */
export interface Played {
  readonly name: string;
  readonly main: string;
}

interface Step {
  readonly line: number;
  readonly command: string;
  readonly stdout: string[];
  readonly stderr: string[];
  exit: number;
}

/** Runs a transcript, each command in turn, in a folder of its own. */
export function playTranscript(text: string, played: Played): void {
  const { steps, files } = readTranscript(text);
  const base = mkdtempSync(join(tmpdir(), "doorproof-transcript-"));
  try {
    const { folder, bin } = furnish(base, files, played);
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps)
      expect(run(step, { folder, bin }), `${step.line} $ ${step.command}`).toEqual(expected(step));
  } finally {
    rmSync(base, { recursive: true });
  }
}

function furnish(
  base: string,
  files: ReadonlyMap<string, string>,
  { name, main }: Played,
): { folder: string; bin: string } {
  const [folder, bin] = [join(base, "here"), join(base, "bin")];
  for (const path of [folder, bin]) mkdirSync(path);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { NODE_COMPILE_CACHE } = COMPILE_CACHE;
  writeFileSync(
    join(bin, name),
    `#!/bin/sh\nexec env -i 'NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE}' '${process.execPath}' '${main}' "$@"\n`,
  );
  chmodSync(join(bin, name), 0o755);
  return { folder, bin };
}

function run({ command, stdout, stderr }: Step, { folder, bin }: { folder: string; bin: string }) {
  const ran = spawnSync("/bin/sh", ["-c", command], {
    cwd: folder,
    env: { PATH: `${bin}:/usr/bin:/bin` },
    encoding: "utf8",
    timeout: PATIENCE,
  });
  return { stdout: cover(ran.stdout, stdout), stderr: cover(ran.stderr, stderr), exit: ran.status };
}

function expected({ stdout, stderr, exit }: Step) {
  return { stdout, stderr, exit };
}

/** The lines that came, those that fit their pattern shown as the pattern: what is left differs. */
function cover(text: string, patterns: readonly string[]): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line, i) => {
    const pattern = patterns[i]?.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return pattern && new RegExp(`^${pattern.join(".*")}$`).test(line) ? (patterns[i] ?? line) : line;
  });
}

function readTranscript(text: string): { steps: Step[]; files: Map<string, string> } {
  const [script = "", ...parts] = text.split(/^-- (.+) --\n/m);
  const files = new Map(parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1] ?? ""] as const] : [])));
  const steps: Step[] = [];
  for (const [i, line] of script.replace(/\n+$/, "").split("\n").entries()) {
    const step = steps.at(-1);
    if (line.startsWith("$ ")) steps.push({ line: i + 1, command: line.slice(2), stdout: [], stderr: [], exit: 0 });
    else if (line.startsWith("#") || !step) continue;
    else if (line.startsWith("2>")) step.stderr.push(line.slice(3));
    else if (/^\[\d+\]$/.test(line)) step.exit = Number(line.slice(1, -1));
    else step.stdout.push(line);
  }
  // A blank line before the next command belongs to nobody.
  for (const { stdout } of steps) if (stdout.at(-1) === "") stdout.pop();
  return { steps, files };
}

// The only file that reads clock, environment, randomness and the process's streams.

import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { EXIT, openTerminal, readVersion, runProgram } from "@doorproof/verify/verbs";
import type { OperatorContext } from "./context.ts";
import { ISSUER_ERRORS } from "./mendable.ts";
import { HELP, VERBS } from "./program.ts";

const PROGRAM = "doorproof";
const { stdout, stderr, stdin, env, argv } = process;
const context: OperatorContext = {
  program: PROGRAM,
  now: () => Math.floor(Date.now() / 1000),
  random: (length) => new Uint8Array(randomBytes(length)),
  processes: { own: process.pid, isAlive },
  node: { path: process.execPath, version: process.versions.node },
  onSignal: (signal, act) => void process.on(signal, act),
  threads: availableParallelism(),
  environment: env,
  terminal: openTerminal({ program: PROGRAM, stdout, stderr, environment: env }),
  input: stdin,
  inputIsTerminal: stdin.isTTY === true,
  // Not process.exit, which drops output that is not written yet.
  exit: (code) => {
    process.exitCode = code;
  },
};

// The reader has gone (`| head`), so there is nobody to tell. Not 0, because the output is incomplete.
stdout.on("error", () => process.exit(EXIT.inputOutput));

await runProgram(
  argv.slice(2),
  {
    description: "Proof of delivery that a driver checks offline, with a public key alone.",
    version: readVersion(new URL("../package.json", import.meta.url)),
    verbs: VERBS,
    help: HELP,
    errors: ISSUER_ERRORS,
  },
  context,
);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

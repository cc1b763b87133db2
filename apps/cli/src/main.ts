// The only file that reads clock, environment, randomness and the process's streams.

import { randomBytes } from "node:crypto";
import { availableParallelism, uptime } from "node:os";
import { contextOf, readVersion, runProgram } from "@doorproof/verify/verbs";
import type { OperatorContext } from "./context.ts";
import { ISSUER_ERRORS } from "./mendable.ts";
import { HELP, VERBS } from "./program.ts";

const context: OperatorContext = {
  ...contextOf("doorproof", {
    now: () => Math.floor(Date.now() / 1000),
    threads: availableParallelism(),
    streams: process,
    environment: process.env,
    exit: (code) => {
      process.exitCode = code;
    },
    die: process.exit,
  }),
  uptime,
  random: (length) => new Uint8Array(randomBytes(length)),
  processes: { own: process.pid, isAlive },
  node: { path: process.execPath, version: process.versions.node },
  onSignal: (signal, act) => void process.on(signal, act),
};

await runProgram(
  process.argv.slice(2),
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

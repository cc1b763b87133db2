#!/usr/bin/env node
// The only file that reads clock, environment and the process's streams.

import { availableParallelism } from "node:os";
import type { CliContext } from "./context.ts";
import { EXIT } from "./exit.ts";
import { readVersion, runProgram } from "./program.ts";
import { openTerminal } from "./terminal.ts";
import { EXIT_CODES, VERIFY_VERBS } from "./verbs.ts";

const PROGRAM = "doorproof-verify";
const { stdout, stderr, stdin, env, argv } = process;
const context: CliContext = {
  program: PROGRAM,
  now: () => Math.floor(Date.now() / 1000),
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
    description: "Checks proofs of delivery offline, with an issuer's public keys alone.",
    version: readVersion(new URL("../package.json", import.meta.url)),
    verbs: VERIFY_VERBS,
    help: `
Try it:
  doorproof-verify verify - --keys jwks.json < voucher.txt
${EXIT_CODES}`,
    errors: {},
  },
  context,
);

#!/usr/bin/env node
// The only file that reads clock, environment and the process's streams.

import { availableParallelism } from "node:os";
import { contextOf } from "./context.ts";
import { readVersion, runProgram } from "./program.ts";
import { EXIT_CODES, VERIFY_VERBS } from "./verbs.ts";

await runProgram(
  process.argv.slice(2),
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
  contextOf("doorproof-verify", {
    now: () => Math.floor(Date.now() / 1000),
    threads: availableParallelism(),
    streams: process,
    environment: process.env,
    exit: (code) => {
      process.exitCode = code;
    },
    die: process.exit,
  }),
);

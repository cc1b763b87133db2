// The only file that reads clock, environment, randomness and the process's streams.

import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import type { CliContext } from "./context.ts";
import { EXIT, type ExitCode, explain } from "./exit.ts";
import { buildProgram } from "./program.ts";
import { openTerminal } from "./terminal.ts";

const { stdout, stderr, stdin, env, argv } = process;
const terminal = openTerminal({ stdout, stderr, environment: env });

let exitCode: ExitCode = EXIT.done;
const context: CliContext = {
  now: () => Math.floor(Date.now() / 1000),
  random: (length) => new Uint8Array(randomBytes(length)),
  threads: availableParallelism(),
  environment: env,
  terminal,
  input: stdin,
  inputIsTerminal: stdin.isTTY === true,
  exit: (code) => {
    exitCode = code;
  },
};

// The reader has gone (`| head`): nobody to tell. Not 0, because not everything that was asked for was said.
stdout.on("error", () => process.exit(EXIT.inputOutput));

try {
  const words = argv.slice(2);
  const verb = words[0] === "help" ? words[1] : words[0];
  const program = await buildProgram(context, { verb });
  await program.parseAsync(words, { from: "user" });
} catch (error) {
  const { code, message, hint } = explain(error, argv);
  exitCode = code;
  if (message !== undefined) terminal.fail(message, hint);
}
// Not process.exit: what was printed may still be on its way.
process.exitCode = exitCode;

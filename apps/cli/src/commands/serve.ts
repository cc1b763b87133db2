import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { EXIT, Failure } from "@doorproof/verify/verbs";
import type { Declare, OperatorContext } from "../context.ts";

export const declare: Declare = (command, context) => {
  command.addHelpText("after", EXAMPLES).action(() => serve(context));
};

const EXAMPLES = `
Example:
  PORT=8081 doorproof serve

The same as pnpm start: the issuer with its customer page, on SQLite in ./data. Its settings come from the
environment: docs/operations.md lists them. Ctrl-c ends it, with what is in flight finished.`;

// A process of its own: its main file reads clock, environment and port, and must not share ours.
async function serve({ environment, exit }: OperatorContext): Promise<void> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.resolve("@doorproof/issuer/operations")));
  const issuer = spawn(process.execPath, [main], { stdio: "inherit", env: environment });
  // A terminal's ctrl-c reaches the issuer by itself; what a supervisor sends to us alone is passed on. We outlive it to tell how it ended.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => issuer.kill("SIGTERM"));
  const [code]: (number | null)[] = await once(issuer, "exit");
  if (code === null || code === undefined) throw new Failure("inputOutput", "the issuer was ended by a signal");
  // It has told why itself: 2 for an environment that cannot be used.
  if (code !== EXIT.done) exit(code === EXIT.usage ? EXIT.usage : EXIT.inputOutput);
}

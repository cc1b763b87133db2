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

// A process of its own, since the issuer's main file reads the clock and the environment itself.
async function serve({ environment, node, onSignal, exit }: OperatorContext): Promise<void> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.resolve("@doorproof/issuer/operations")));
  const issuer = spawn(node.path, [main], { stdio: "inherit", env: environment });
  // A terminal sends ctrl-c to the issuer too, so SIGINT is ignored here; a supervisor's SIGTERM comes only to us and
  // is passed on. We wait for the issuer, to exit with its result.
  onSignal("SIGINT", () => {});
  onSignal("SIGTERM", () => issuer.kill("SIGTERM"));
  const [code]: (number | null)[] = await once(issuer, "exit");
  if (code === null || code === undefined) throw new Failure("inputOutput", "the issuer was ended by a signal");
  // The issuer has said why itself: 2 for an environment that cannot be used.
  if (code !== EXIT.done) exit(code === EXIT.usage ? EXIT.usage : EXIT.inputOutput);
}

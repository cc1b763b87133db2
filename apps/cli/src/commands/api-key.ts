import { Failure } from "@doorproof/verify/verbs";
import type { Declare, OperatorContext } from "../context.ts";
import { mendable } from "../mendable.ts";
import { requireKeyFolder } from "../settings.ts";

export const declare: Declare = (command, context) => {
  command.usage("create [options]").addHelpText("after", EXAMPLES);
  command
    .command("create")
    .description("make a key for the issuer's HTTP API; it is shown this once")
    .requiredOption("--scope <scopes>", "what it may do: vouchers, redeem, or both with a comma")
    .option("--label <text>", "whose it is, to know it again")
    .option("--json", "one object: {id, token, scopes}")
    .addHelpText("after", CREATE_EXAMPLES)
    .action((options: Options) => create(options, context));
};

const EXAMPLES = `
Example:
  doorproof api-key create --scope vouchers,redeem`;

const CREATE_EXAMPLES = `
Example:
  doorproof api-key create --scope redeem --label "courier north"

The issuer keeps a hash of it, in its own database (DATA_DIR, KEYS_DIR). It goes into the Authorization header, behind Bearer.`;

interface Options {
  readonly scope: string;
  readonly label?: string;
  readonly json?: boolean;
}

async function create(options: Options, { terminal, environment, now, random }: OperatorContext): Promise<void> {
  requireKeyFolder(environment);
  // Loaded here: help and completion need no database.
  const { openOperations, SCOPES } = await import("@doorproof/issuer/operations");
  const names = options.scope.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !SCOPES.some((scope) => scope === name));
  if (unknown !== undefined) throw new Failure("usage", `--scope: ${unknown} is none of ${SCOPES.join(", ")}`);
  const scopes = SCOPES.filter((scope) => names.includes(scope));
  const operations = await mendable(() => openOperations(environment, { now, random }));
  try {
    const { id, token } = await operations.createApiKey({
      scopes,
      ...(options.label !== undefined && { label: options.label }),
    });
    await terminal.print(options.json ? JSON.stringify({ id, token, scopes }) : token);
    terminal.say(`API key ${id}, may ${scopes.join(" and ")}; it is not shown again`);
  } finally {
    await operations.close();
  }
}

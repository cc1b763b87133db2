import type { ApiKey, Permission } from "@doorproof/issuer/operations";
import { type Expiry, escapeText, expiryTime, Failure, formatTime, readExpiry, toIso } from "@doorproof/verify/verbs";
import type { Declare, OperatorContext } from "../context.ts";
import { withOperations } from "../with-operations.ts";

export const declare: Declare = (command, context) => {
  command.usage("create|list|rename|revoke [options]").addHelpText("after", EXAMPLES);
  command
    .command("create")
    .description("make a key for the issuer's HTTP API; it is shown this once")
    .requiredOption("--name <name>", "whose it is, to know it again")
    .option("--scope <scopes>", "what it may do, by the set: vouchers, redeem, or both with a comma")
    .option("--permissions <permissions>", "what it may do, one by one with commas, as read,reveal")
    .option("--expires <when>", "when it ends: 90d, or 2026-12-01T18:00:00Z (default: when it is revoked)", readExpiry)
    .option("--courier <name>", "whose deliveries it may redeem; '*' for all")
    .option("--json", "one object: {id, token, name, permissions, courier, expiresAt}")
    .addHelpText("after", CREATE_EXAMPLES)
    .action((options: CreateOptions) => create(options, context));
  command
    .command("list")
    .description("list the keys that were ever made, newest first; not their tokens, which nobody has")
    .option("--json", "one object a line")
    .action((options: Options) => list(options, context));
  command
    .command("rename")
    .description("give a key another name")
    .argument("<id>", "as doorproof api-key list prints it")
    .argument("<name>", "whose it is, to know it again")
    .action((id: string, name: string) => rename({ id, name }, context));
  command
    .command("revoke")
    .description("take a key away for good; the next request with it is refused")
    .argument("<id>", "as doorproof api-key list prints it")
    .action((id: string) => revoke(id, context));
};

const EXAMPLES = `
Examples:
  doorproof api-key create --name desk --scope vouchers
  doorproof api-key list`;

const CREATE_EXAMPLES = `
Examples:
  doorproof api-key create --name shop --scope vouchers --expires 90d
  doorproof api-key create --name "courier north" --scope redeem --courier "Courier North"
  doorproof api-key create --name prometheus --permissions metrics

Sets: vouchers is read,issue,message,withdraw,routes,devices,import; redeem is redeem. In no set: reveal shows a voucher's
text, short code and link; audit the audit trail; metrics the metrics. What each route needs stands in /openapi.json.
A key that may redeem says whose deliveries.

The issuer keeps a hash of it, in its own database (DATA_DIR, KEYS_DIR). It goes into the Authorization header, behind Bearer.`;

interface Options {
  readonly json?: boolean;
}

interface CreateOptions extends Options {
  readonly name: string;
  readonly scope?: string;
  readonly permissions?: string;
  readonly expires?: Expiry;
  readonly courier?: string;
}

async function create(options: CreateOptions, context: OperatorContext): Promise<void> {
  const { terminal } = context;
  const { name, courier = null, expires } = options;
  const permissions = await readPermissions(options);
  const expiresAt = expires === undefined ? null : expiryTime(expires, context.now());
  const { id, token } = await withOperations(context, (operations) =>
    operations.createApiKey({ name, permissions, courier, expiresAt }),
  );
  const told = { id, token, name, permissions, courier, expiresAt: expiresAt === null ? null : toIso(expiresAt) };
  await terminal.print(options.json ? JSON.stringify(told) : token);
  terminal.say(`API key ${id}, may ${permissions.join(", ")}; it is not shown again`);
}

async function list({ json }: Options, context: OperatorContext): Promise<void> {
  const keys = await withOperations(context, (operations) => operations.listApiKeys());
  for (const key of keys) await context.terminal.print(json ? JSON.stringify(writeKey(key)) : formatKey(key));
  if (keys.length === 0) context.terminal.say("no API key was made yet");
}

async function rename(key: { id: string; name: string }, context: OperatorContext): Promise<void> {
  const { id, name } = await withOperations(context, (operations) => operations.renameApiKey(key));
  context.terminal.say(`${id} is ${name} now`);
}

async function revoke(id: string, context: OperatorContext): Promise<void> {
  const { name } = await withOperations(context, (operations) => operations.revokeApiKey(id));
  context.terminal.say(`revoked ${id}, ${escapeText(name)}; the next request with it is refused`);
}

async function readPermissions({ scope, permissions }: CreateOptions): Promise<readonly Permission[]> {
  const { PERMISSIONS, SCOPES } = await import("@doorproof/issuer/operations");
  if ((scope === undefined) === (permissions === undefined))
    throw new Failure("usage", "say what it may do: --scope or --permissions, one of them");
  const sets = readNames("--scope", scope, Object.keys(SCOPES) as (keyof typeof SCOPES)[]);
  const wanted = new Set([
    ...sets.flatMap((set) => SCOPES[set]),
    ...readNames("--permissions", permissions, PERMISSIONS),
  ]);
  return PERMISSIONS.filter((permission) => wanted.has(permission));
}

function readNames<Name extends string>(
  option: string,
  text: string | undefined,
  known: readonly Name[],
): readonly Name[] {
  return (text?.split(",") ?? []).map((word) => {
    const name = known.find((one) => one === word.trim());
    if (name === undefined) throw new Failure("usage", `${option}: ${word.trim()} is none of ${known.join(", ")}`);
    return name;
  });
}

function formatKey({ id, name, permissions, courier, status, expiresAt, lastUsedAt }: ApiKey): string {
  const use = lastUsedAt === null ? "never used" : `last used ${formatTime(lastUsedAt)}`;
  const reach = courier === null ? "" : `  courier ${escapeText(courier)}`;
  const end = expiresAt === null ? "" : `  until ${formatTime(expiresAt)}`;
  return `${status.padEnd(7)}  ${id}  ${escapeText(name)}  ${permissions.join(",")}${reach}${end}  ${use}`;
}

function writeKey({ createdAt, expiresAt, revokedAt, lastUsedAt, ...key }: ApiKey): object {
  const time = (at: number | null) => (at === null ? null : toIso(at));
  return {
    ...key,
    createdAt: toIso(createdAt),
    expiresAt: time(expiresAt),
    revokedAt: time(revokedAt),
    lastUsedAt: time(lastUsedAt),
  };
}

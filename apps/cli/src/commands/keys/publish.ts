import { join } from "node:path";
import { formatTime, toIso } from "@doorproof/verify/verbs";
import type { Declare, OperatorContext } from "../../context.ts";
import { mendable } from "../../mendable.ts";
import { dataFolder, requireKeyFolder } from "../../settings.ts";

export const declare: Declare = (command, context) => {
  command
    .description("write the published files again, with a fresh revocation list, and check them")
    .option("--to <folder>", "there too, as on a USB stick for couriers and devices without a network")
    .option("--dir <folder>", "the key folder (default: KEYS_DIR, or keys)")
    .option("--json", "one object: {dir, to, revocations: {version, next}}")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => publish(options, context));
};

const EXAMPLES = `
Example:
  doorproof keys publish --to /media/stick

Needs no root: the key list stays as it was signed. Withdrawn vouchers come from the issuer's database (DATA_DIR) if they are
here, else from the last revocation list. Refused, and not written to the stick: anything private among the files, a key
without its kid, files that contradict each other about a window.`;

interface Options {
  readonly to?: string;
  readonly dir?: string;
  readonly json?: boolean;
}

async function publish(
  { to, dir, json }: Options,
  { terminal, environment, now, processes }: OperatorContext,
): Promise<void> {
  const folder = requireKeyFolder(environment, dir);
  const { publishKeys, withdrawnInDatabase } = await import("@doorproof/issuer/operations");
  const { version, next } = await mendable(async () => {
    const ctis = await withdrawnInDatabase(dataFolder(environment), { folder, now });
    return publishKeys(folder, { processes, now: now(), ctis, to });
  });
  if (json)
    await terminal.print(JSON.stringify({ dir: folder, to: to ?? null, revocations: { version, next: toIso(next) } }));
  terminal.say(
    `published jwks.json, cose-keys.cbor, keys.cose and revocations.cose in ${folder}${to === undefined ? "" : ` and ${join(to, ".")}`}`,
  );
  terminal.say(`revocation list ${version}, the next due ${formatTime(next)}`);
}

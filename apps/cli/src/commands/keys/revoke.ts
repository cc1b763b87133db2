import type { Exposure } from "@doorproof/issuer/operations";
import { Failure, formatDuration, formatTime, type Terminal, toIso } from "@doorproof/verify/verbs";
import type { Declare, OperatorContext } from "../../context.ts";
import { mendable } from "../../mendable.ts";
import { dataFolder, requireKeyFolder } from "../../settings.ts";

export const declare: Declare = (command, context) => {
  command
    .description("withdraw a voucher key: nobody trusts it, and the issuer does not sign with it")
    .argument("<kid>", "8 hex digits, as in keys list")
    .option("--dir <folder>", "the key folder (default: KEYS_DIR, or keys)")
    .option("--json", "one object: {kid, already, version, exposedUntil}")
    .addHelpText("after", EXAMPLES)
    .action((kid: string, options: Options) => revoke(kid, options, context));
};

const EXAMPLES = `
Example:
  doorproof keys revoke 1a2b3c4d

It cannot be taken back. A running issuer serves the new list and stops signing with the key at once. Vouchers that the key
signed are refused from then on: keys compromised issues them again.`;

interface Options {
  readonly dir?: string;
  readonly json?: boolean;
}

async function revoke(
  kid: string,
  { dir, json }: Options,
  { terminal, environment, now, processes }: OperatorContext,
): Promise<void> {
  requireKid(kid);
  const folder = requireKeyFolder(environment, dir);
  const { revokeKey, withdrawnInDatabase } = await import("@doorproof/issuer/operations");
  const { already, version, exposure } = await mendable(async () => {
    const ctis = await withdrawnInDatabase(dataFolder(environment), { folder, now });
    return revokeKey(folder, kid, { processes, now: now(), ctis });
  });
  if (json)
    await terminal.print(
      JSON.stringify({ kid, already, version, exposedUntil: exposure.until && toIso(exposure.until) }),
    );
  reportWithdrawal(terminal, { kid, already, version, exposure });
  terminal.hint(`doorproof keys compromised ${kid} issues again what it signed`);
}

/** @throws {Failure} `usage` */
export function requireKid(kid: string): void {
  if (!/^[0-9a-f]{8}$/.test(kid))
    throw new Failure("usage", "a kid is 8 hex digits in small letters", "doorproof keys list shows them");
}

/** Tells who stays exposed, and for how long, so that nobody believes all to be over. */
export function reportWithdrawal(
  terminal: Terminal,
  { kid, already, version, exposure }: { kid: string; already: boolean; version: number; exposure: Exposure },
): void {
  const { next, grace, until } = exposure;
  terminal.say(`${kid} ${already ? "was withdrawn before" : "is withdrawn"}, by revocation list ${version}`);
  terminal.say("a device that fetches the list refuses the key from then on");
  terminal.say(
    `a device that fetches nothing takes what the key signs for ${formatDuration(next + grace)} after its last list (next ${formatDuration(next)}, grace ${formatDuration(grace)})${until === null ? "" : `: until ${formatTime(until)} at the latest`}`,
  );
  terminal.say("whoever verifies with jwks.json or cose-keys.cbor alone trusts it until they fetch the file again");
}

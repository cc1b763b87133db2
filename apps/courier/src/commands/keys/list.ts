import { existsSync } from "node:fs";
import { join } from "node:path";
import { keyFileName } from "@doorproof/signer";
import { hasEntry, type RevocationList } from "@doorproof/voucher";
import { readKeys, readRevocationList } from "../../keys.ts";
import type { Declare } from "../../program.ts";
import { formatDuration, formatTime, toIso } from "../../when.ts";
import type { World } from "../../world.ts";

export const declare: Declare = (command, world) => {
  command
    .description("show the keys of a signed key list, how old it is, and which private ones are here")
    .option("--dir <folder>", "where they lie (default: KEYS_DIR, or keys)")
    .option("--json", "one object a line: {kid, use, from, to, state, private}")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => list(options, world));
};

const EXAMPLES = `
Example:
  doorproof keys list --json | grep vouchers

A key's state is later, now or over, by its window; or withdrawn, by the revocation list.`;

interface Options {
  readonly dir?: string;
  readonly json?: boolean;
}

async function list({ dir, json }: Options, { terminal, environment, now }: World): Promise<void> {
  const time = now();
  const folder = dir ?? environment["KEYS_DIR"] ?? "keys";
  const keySet = await readKeys(join(folder, "keys.cose"));
  const { issuer, keys, list } = keySet;
  const path = join(folder, "revocations.cose");
  const revocations = list && existsSync(path) ? await readRevocationList(path, { keys: keySet }) : null;
  const age = (issuedAt: number) => `made ${formatDuration(Math.max(0, time - issuedAt))} ago`;
  if (list && !json)
    terminal.say(`keys of ${issuer}, list ${list.version}, ${age(list.issuedAt)}, until ${formatTime(list.expiresAt)}`);
  if (revocations && !json)
    terminal.say(
      `revocation list ${revocations.version}, ${age(revocations.issuedAt)}, the next due ${formatTime(revocations.next)}`,
    );
  for (const { kid, use, from, to } of keys.values()) {
    const state = isWithdrawn(revocations, kid) ? "withdrawn" : time < from ? "later" : time < to ? "now" : "over";
    const isHere = existsSync(join(folder, "private", keyFileName({ use, kid: Buffer.from(kid, "hex") })));
    await terminal.print(
      json
        ? JSON.stringify({ kid, use, from: toIso(from), to: toIso(to), state, private: isHere })
        : `${kid}  ${use.padEnd(9)}  ${toIso(from)}  ${toIso(to)}  ${state.padEnd(5)}${isHere ? "" : "  private key not here"}`,
    );
  }
}

function isWithdrawn(revocations: RevocationList | null, kid: string): boolean {
  return revocations !== null && hasEntry(revocations.kids, new Uint8Array(Buffer.from(kid, "hex")));
}

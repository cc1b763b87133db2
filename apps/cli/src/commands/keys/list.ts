import { existsSync } from "node:fs";
import { join } from "node:path";
import { keyFileName } from "@doorproof/signer";
import type { KeySet } from "@doorproof/verifier";
import { formatDuration, formatTime, keyFolder, readKeys, readRevocationList, toIso } from "@doorproof/verify/verbs";
import type { RevocationList } from "@doorproof/voucher";
import { fingerprint, hasEntry } from "@doorproof/voucher/codec";
import type { Declare, OperatorContext } from "../../context.ts";

export const declare: Declare = (command, context) => {
  command
    .description("show the keys of a signed key list, how old it is, and which private ones are here")
    .option("--dir <folder>", "where they lie (default: KEYS_DIR, or keys)")
    .option(
      "--json",
      "one object a line: {kid, use, from, to, state, private}, then {kid, use: root, fingerprint, state}",
    )
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => list(options, context));
};

const EXAMPLES = `
Example:
  doorproof keys list --json | grep vouchers

A key's state is later, now or over, by its window; or withdrawn, by the revocation list. Last come the roots with their
fingerprints, which couriers compare before they pin one: the one that signed the list is now, one that it names to follow next.`;

interface Options {
  readonly dir?: string;
  readonly json?: boolean;
}

async function list({ dir, json }: Options, { terminal, environment, now }: OperatorContext): Promise<void> {
  const time = now();
  const folder = keyFolder(environment, dir);
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
  for (const root of rootsOf(keySet)) await terminal.print(json ? JSON.stringify(root) : textOf(root));
}

interface ListedRoot {
  readonly kid: string;
  readonly use: "root";
  readonly fingerprint: string;
  readonly state: "now" | "next";
}

function rootsOf(keySet: KeySet): ListedRoot[] {
  if (!keySet.list) return [];
  const signed = fingerprint(keySet.root);
  const next = keySet.list.roots.map(fingerprint).filter((one) => one !== signed);
  return [signed, ...next].map((fingerprint) => ({
    kid: fingerprint.slice(0, 8),
    use: "root",
    fingerprint,
    state: fingerprint === signed ? "now" : "next",
  }));
}

function textOf({ kid, use, fingerprint, state }: ListedRoot): string {
  return `${kid}  ${use.padEnd(9)}  ${fingerprint}  ${state}`;
}

function isWithdrawn(revocations: RevocationList | null, kid: string): boolean {
  return revocations !== null && hasEntry(revocations.kids, new Uint8Array(Buffer.from(kid, "hex")));
}

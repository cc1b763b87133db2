import { join } from "node:path";
import type { Rotation } from "@doorproof/issuer/office";
import { mendable } from "../../exit.ts";
import { requireKeyFolder } from "../../keys.ts";
import type { Declare } from "../../program.ts";
import type { Terminal } from "../../terminal.ts";
import { formatTime, toIso } from "../../when.ts";
import type { World } from "../../world.ts";

export const declare: Declare = (command, world) => {
  command
    .description("make the keys that a year ahead still lacks, and sign a new key list with the root")
    .option("--root <folder>", "where root.pem lies (default: DIR/private)")
    .option("--dir <folder>", "the key folder (default: KEYS_DIR, or keys)")
    .option("--prune", "delete the private files of keys that are over or withdrawn")
    .option("--json", "one object: {issuer, version, until, made: [{kid, use, from, to, signsFrom}], dropped, idle}")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => rotate(options, world));
};

const EXAMPLES = `
Example:
  doorproof keys rotate --root /media/stick

A key signs for 30 days and is trusted for 7 more; it is published 7 days before its first use at the latest, unless no
other key would sign by then. A running issuer takes the new list up by itself. Keys of the past leave the list; their
private files are not used any more, and --prune deletes them.`;

interface Options {
  readonly root?: string;
  readonly dir?: string;
  readonly prune?: boolean;
  readonly json?: boolean;
}

async function rotate(options: Options, { terminal, environment, now }: World): Promise<void> {
  const folder = requireKeyFolder(environment, options.dir);
  const { rotateKeys, withdrawnInBooks } = await import("@doorproof/issuer/office");
  const rootFolder = options.root ?? join(folder, "private");
  const { prune = false } = options;
  const rotation = await mendable(async () => {
    const ctis = await withdrawnInBooks(environment["DATA_DIR"] ?? "data", { folder, now });
    return rotateKeys({ folder, rootFolder }, { now: now(), prune, ctis });
  });
  await tellRotation(rotation, { terminal, json: options.json === true });
  const count = rotation.idle.length;
  if (count > 0)
    terminal.say(
      prune
        ? `deleted ${count} private files of past keys`
        : `${count} private files of past keys are out of use; --prune deletes them`,
    );
  terminal.hint(`${join(rootFolder, "root.pem")} must leave this machine again`);
}

/** What a rotation did: each new key to stdout, the rest in words. */
export async function tellRotation(
  { issuer, version, expiresAt, made, dropped, idle }: Rotation,
  { terminal, json }: { terminal: Terminal; json: boolean },
): Promise<void> {
  const keys = made.map(({ kid, use, from, to, signsFrom }) => ({
    kid,
    use,
    from: toIso(from),
    to: toIso(to),
    signsFrom: toIso(signsFrom),
  }));
  if (json)
    await terminal.print(JSON.stringify({ issuer, version, until: toIso(expiresAt), made: keys, dropped, idle }));
  else for (const { kid, use, from, to } of keys) await terminal.print(`${kid}  ${use.padEnd(9)}  ${from}  ${to}  new`);
  terminal.say(
    `signed key list ${version} of ${issuer}, until ${formatTime(expiresAt)}: ${made.length} keys made, ${dropped.length} dropped`,
  );
  for (const { kid, use, signsFrom } of made.filter(({ isEarly }) => isEarly)) {
    terminal.say(
      `${kid} signs ${use} from ${formatTime(signsFrom)}, because no other key does: whoever has not fetched list ${version} by then does not know it`,
    );
  }
}

import { join } from "node:path";
import type { Rotation } from "@doorproof/issuer/operations";
import { formatDuration, formatTime, type Terminal, toIso } from "@doorproof/verify/verbs";
import type { Declare, OperatorContext } from "../../context.ts";
import { mendable } from "../../mendable.ts";
import { dataFolder, requireKeyFolder } from "../../settings.ts";

export const declare: Declare = (command, context) => {
  command
    .description("make the keys that a year ahead still lacks, and sign a new key list with the root; replace the root")
    .option("--root <folder>", "where root.pem lies (default: DIR/private)")
    .option(
      "--next-root <folder>",
      "name the root there as the one that may follow; made if there is none, never overwritten",
    )
    .option("--dir <folder>", "the key folder (default: KEYS_DIR, or keys)")
    .option("--prune", "delete the private files of keys that are over or withdrawn")
    .option(
      "--json",
      "one object: {issuer, version, until, made: [{kid, use, from, to, signsFrom}], dropped, idle, roots: {signed, next, followed}}",
    )
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => rotate(options, context));
};

const EXAMPLES = `
Examples:
  doorproof keys rotate --root /media/stick
  doorproof keys rotate --root /media/stick --next-root /media/stick2
  doorproof keys rotate --root /media/stick2

A key signs for 30 days and is trusted for 7 more; it is published 7 days before its first use at the latest, unless no
other key would sign by then. A running issuer takes the new list up by itself. Keys of the past leave the list; their
private files are not used any more, and --prune deletes them.

A root is replaced by two lists, as in the last two examples. The first is signed by the root that serves and names both. The
second is signed by the next root alone, once the phones have fetched the first (doorproof device list); from then on they
believe the old one no more. A phone that missed the first must be enrolled again, and couriers must be given the new
root.pub.pem. Until then whoever has the old root can sign lists too.`;

interface Options {
  readonly root?: string;
  readonly nextRoot?: string;
  readonly dir?: string;
  readonly prune?: boolean;
  readonly json?: boolean;
}

async function rotate(options: Options, { terminal, environment, now, processes }: OperatorContext): Promise<void> {
  const folder = requireKeyFolder(environment, options.dir);
  const { rotateKeys, withdrawnInDatabase } = await import("@doorproof/issuer/operations");
  const rootFolder = options.root ?? join(folder, "private");
  const { prune = false, nextRoot } = options;
  const rotation = await mendable(async () => {
    const ctis = await withdrawnInDatabase(dataFolder(environment), { folder, now });
    return rotateKeys({ folder, rootFolder }, { processes, now: now(), prune, nextRootFolder: nextRoot, ctis });
  });
  await reportRotation(rotation, { terminal, json: options.json === true, now: now() });
  const count = rotation.idle.length;
  if (count > 0)
    terminal.say(
      prune
        ? `deleted ${count} private files of past keys`
        : `${count} private files of past keys are out of use; --prune deletes them`,
    );
  if (rotation.roots.next.length > 0)
    terminal.hint(
      `once the phones have fetched list ${rotation.version} (doorproof device list tells when each was seen), have the next root sign: doorproof keys rotate --root ${nextRoot ?? "ITS-FOLDER"}`,
    );
  const sticks = [rootFolder, ...(nextRoot === undefined ? [] : [nextRoot])].map((stick) => join(stick, "root.pem"));
  terminal.hint(`${sticks.join(" and ")} must leave this machine again`);
}

/** Prints what a rotation did: each new key to stdout, the rest in words to stderr. */
export async function reportRotation(
  { issuer, version, expiresAt, made, dropped, idle, roots }: Rotation,
  { terminal, json, now }: { terminal: Terminal; json: boolean; now: number },
): Promise<void> {
  const keys = made.map(({ kid, use, from, to, signsFrom }) => ({
    kid,
    use,
    from: toIso(from),
    to: toIso(to),
    signsFrom: toIso(signsFrom),
  }));
  if (json)
    await terminal.print(
      JSON.stringify({
        issuer,
        version,
        until: toIso(expiresAt),
        made: keys,
        dropped,
        idle,
        roots: { ...roots, followed: roots.followed?.root ?? null },
      }),
    );
  else for (const { kid, use, from, to } of keys) await terminal.print(`${kid}  ${use.padEnd(9)}  ${from}  ${to}  new`);
  terminal.say(
    `signed key list ${version} of ${issuer}, until ${formatTime(expiresAt)}: ${made.length} keys made, ${dropped.length} dropped`,
  );
  for (const { kid, use, signsFrom } of made.filter(({ isEarly }) => isEarly)) {
    terminal.say(
      `${kid} signs ${use} from ${formatTime(signsFrom)}, because no other key does: whoever has not fetched list ${version} by then does not know it`,
    );
  }
  reportRoots(version, roots, { terminal, now });
}

// Tells which root counts from when on and for whom, and who must be told: else it is found out at a door.
function reportRoots(
  version: number,
  { signed, next, followed }: Rotation["roots"],
  { terminal, now }: { terminal: Terminal; now: number },
): void {
  if (followed) {
    const { root, last, until } = followed;
    const named = last && ` list ${last.version}, made ${formatDuration(now - last.issuedAt)} ago, or an earlier one`;
    terminal.say(`root       ${signed}  signs from now on, alone: list ${version} and root.pub.pem name no other`);
    terminal.say(
      `old root   ${root}  is over for whoever takes list ${version}: phones that fetched${named ?? " a list"} that named both`,
    );
    terminal.say(
      `any other phone refuses list ${version} and believes the old root until its own list ends, ${formatTime(until)} at the latest: enrol it again`,
    );
    terminal.say(
      `couriers who pinned the old root.pub.pem cannot check list ${version}: give them the new file, and tell them its fingerprint another way than the file goes`,
    );
  }
  if (next.length === 0) return;
  if (!followed) terminal.say(`root       ${signed}  signs until the next root does`);
  for (const one of next) terminal.say(`next root  ${one}  may follow it: list ${version} and root.pub.pem name both`);
  terminal.say(
    "give root.pub.pem to couriers who pinned it, and tell them each fingerprint another way than the file goes",
  );
}

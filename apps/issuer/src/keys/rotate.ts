import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type SigningKey, signKeyList } from "@doorproof/signer";
import type { KeyList, ListedKey } from "@doorproof/voucher";
import { equalBytes, keyId, toHex } from "@doorproof/voucher/codec";
import { type KeyFolder, privateFolder, readPublished, withdrawnKids } from "./folder.ts";
import { type MadeKey, makeKeys, toListed, USES } from "./make.ts";
import { PLANNED_AHEAD, planWindows, staysListed } from "./plan.ts";
import { newestKey, openPrivateKeys } from "./private.ts";
import { bareSets, ctisOf, revocationFile, rootFile } from "./publish.ts";
import { exclusively, type Processes, replaceFiles } from "./replace.ts";
import { nameRoots, openNextRoot, openRoot, type Roots, tellRoots } from "./root.ts";

export interface Rotation {
  readonly issuer: string;
  /** Of the key list. */
  readonly version: number;
  readonly expiresAt: number;
  readonly made: readonly MadeKey[];
  /** kids that the list does not name any more. */
  readonly dropped: readonly string[];
  /** Private files that no list names, or whose kid is withdrawn: out of use, and with `prune` deleted. */
  readonly idle: readonly string[];
  readonly roots: Roots;
}

/**
 * Plans the overlap and signs a new key list with the root: a year of keys ahead, each published before its first use,
 * those of the past left out. Whenever it is killed, the published files fit together, and a second run finishes the
 * work.
 *
 * A root is replaced by two lists (docs/format.md section 5): the one that signs now names the next one beside itself;
 * the next one, once it signs, names itself alone.
 *
 * @param nextRootFolder where the root lies that is to follow, or is made
 * @param without a leaked document key's kid: it leaves the list at once (a voucher key is withdrawn by the revocation
 * list instead)
 * @param ctis of withdrawn vouchers, as the database stands; left out: those of the list before
 * @throws {Error} no root here, or one that no device would believe; the clock stands before the last list
 */
export async function rotateKeys(
  { folder, rootFolder }: KeyFolder,
  {
    processes,
    now,
    prune,
    nextRootFolder,
    without,
    ctis,
  }: {
    processes: Processes;
    now: number;
    prune: boolean;
    nextRootFolder?: string | undefined;
    without?: string;
    ctis?: readonly string[] | undefined;
  },
): Promise<Rotation> {
  const secretFolder = privateFolder(folder);
  return exclusively(secretFolder, processes, async () => {
    // 1. Read what is published, the root that signs, and the one that may follow it.
    const published = readPublished(folder);
    const { list, keys, issuer } = published;
    if (now < list.issuedAt) throw new Error("the clock stands before the key list was signed: set it first");
    const root = openRoot(rootFolder, published);
    const kids = withdrawnKids(published.revocations);
    const taken = new Set([...keys.keys.keys(), ...kids, toHex(root.kid)]);
    const nextRoot = nextRootFolder === undefined ? null : openNextRoot(nextRootFolder, taken);
    const isFirst = !equalBytes(root.publicKey, keys.root);
    const roots = nameRoots(root, nextRoot, isFirst ? [] : list.roots);

    // 2. Plan: the keys that sign, and the windows that are missing.
    const signing = [...openPrivateKeys(folder, keys)].filter(([kid]) => !kids.has(kid) && kid !== without);
    const made = USES.flatMap((use) => {
      const held = signing.filter(([, { key }]) => key.use === use).map(([, window]) => window);
      return makeKeys(secretFolder, { use, windows: planWindows(held, now), taken });
    });

    // 3. Sign the list. It keeps the key that signed the revocation list, until another key has signed one.
    const kept = list.keys.filter((key) => staysListed(key, now) && kidOf(key) !== without);
    const makeList = (listed: readonly ListedKey[], version: number) => ({
      ...list,
      version,
      issuedAt: now,
      expiresAt: now + PLANNED_AHEAD,
      keys: [...listed, ...made.map(toListed)],
      roots,
    });
    // Both roots while the list changes from one to the other: whoever reads root.pub.pem and then the list always
    // finds the list's root in it.
    if (isFirst) replaceFiles(folder, { "root.pub.pem": rootFile([keys.root, root.publicKey]) });
    let next = makeList(kept, list.version + 1);
    const known = newestKey(new Map(signing), { use: "documents", now, until: now })?.key;
    if (!known) {
      await publishList(folder, makeList(list.keys, next.version), { root, kids, now });
      next = makeList(kept, next.version + 1);
    }
    const key = known ?? made.find(({ use, from }) => use === "documents" && from <= now)?.key;
    if (!key) throw new Error("no document key serves now");
    const fresh = await revocationFile(folder, published, { kids, ctis: ctis ?? ctisOf(published), now, key });
    replaceFiles(folder, fresh.files);
    await publishList(folder, next, { root, kids, now });
    replaceFiles(folder, { "root.pub.pem": rootFile(roots) });

    // 4. Remove what no list names any more.
    const named = new Set(next.keys.map(kidOf).filter((kid) => !kids.has(kid)));
    const idle = idleFiles(secretFolder, named);
    if (prune) for (const name of idle) rmSync(join(secretFolder, name));
    const dropped = list.keys.map(kidOf).filter((kid) => !next.keys.some((key) => kidOf(key) === kid));
    return {
      issuer,
      version: next.version,
      expiresAt: next.expiresAt,
      made,
      dropped,
      idle,
      roots: tellRoots(roots, published),
    };
  });
}

async function publishList(
  folder: string,
  list: KeyList,
  { root, kids, now }: { root: SigningKey; kids: ReadonlySet<string>; now: number },
): Promise<void> {
  const document = await signKeyList(list, { root });
  replaceFiles(folder, { ...bareSets(list, { kids, now }), "keys.cose": document });
}

function idleFiles(folder: string, named: ReadonlySet<string>): string[] {
  return readdirSync(folder).filter((name) => {
    const kid = /^(?:voucher|document)-([0-9a-f]{8})\.pem$/.exec(name)?.[1];
    return kid !== undefined && !named.has(kid);
  });
}

function kidOf({ publicKey }: ListedKey): string {
  return toHex(keyId(publicKey));
}

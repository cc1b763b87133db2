import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createKeyFile, openKeyFile, type SigningKey } from "@doorproof/signer";
import type { KeyList } from "@doorproof/voucher";
import { equalBytes, fingerprint, toHex } from "@doorproof/voucher/codec";
import type { Published } from "./folder.ts";
import { makeDurable } from "./replace.ts";

const NAME = "root.pem";

/**
 * The root in a folder, if it may sign the next list: the one that signed the last, or one that this list names to
 * follow.
 * @throws {Error} no root there, or one that devices would not believe
 */
export function openRoot(folder: string, { keys }: Pick<Published, "keys">): SigningKey {
  const path = join(folder, NAME);
  if (!existsSync(path))
    throw new Error(`${path}: not there, and only the root signs a key list: --root names its folder`);
  const root = openKeyFile(path, { use: "root" });
  if (keys.roots.some((one) => equalBytes(one, root.publicKey))) return root;
  throw new Error(`${path}: another root than the one that signed the key list, and not named in it to follow`);
}

/**
 * The root that is to follow another: the one that lies in the folder, or a new one; mode 0600, never written over, and
 * durable before a list names it.
 * @param taken kids that exist, the present root's among them
 * @throws {Error} the one that lies there is one of those
 */
export function openNextRoot(folder: string, taken: ReadonlySet<string>): SigningKey {
  const path = join(folder, NAME);
  // A run that was killed may have left a key here that no list names.
  const beside = join(folder, ".root.new");
  rmSync(beside, { recursive: true, force: true });
  if (!existsSync(path)) {
    mkdirSync(beside, { recursive: true, mode: 0o700 });
    createKeyFile(beside, { use: "root", taken });
    makeDurable(join(beside, NAME));
    // Renamed when it is complete: half a key under this name would stay, since keys are never overwritten. Not by a
    // hard link, which the file system of a stick may lack.
    renameSync(join(beside, NAME), path);
    rmSync(beside, { recursive: true });
    makeDurable(folder);
  }
  const root = openKeyFile(path, { use: "root" });
  if (taken.has(toHex(root.kid))) throw new Error(`${path}: is in use already; the next root is another key`);
  return root;
}

/**
 * The roots that a list names, first the one that signs it. It names a new successor, or else goes on naming those that
 * it named; one that signs for the first time names only itself, which ends the root before it.
 */
export function nameRoots(
  root: SigningKey,
  next: SigningKey | null,
  before: readonly Uint8Array[],
): readonly Uint8Array[] {
  const others = next ? [next.publicKey] : before.filter((one) => !equalBytes(one, root.publicKey));
  return [root.publicKey, ...others];
}

/** The roots of a list that was signed just now; fingerprints, 64 hex digits each. */
export interface Roots {
  readonly signed: string;
  /** Those that may follow it. */
  readonly next: readonly string[];
  /** null: the same root signed before. */
  readonly followed: Followed | null;
}

/** A root that is over for whoever takes the new list. */
export interface Followed {
  readonly root: string;
  /** Its last list, which names both; null: an interrupted run has replaced it already. */
  readonly last: Pick<KeyList, "version" | "issuedAt"> | null;
  /** When the last device that missed all such lists stops believing it. */
  readonly until: number;
}

/**
 * What a list, signed just now, has changed about roots.
 * @param before what was published before it
 */
export function tellRoots(roots: readonly Uint8Array[], before: Published): Roots {
  const [signed = "", ...next] = roots.map(fingerprint);
  const { pinned, keys, list } = before;
  // root.pub.pem begins with the old root until everything is written, so that a run after an interruption still
  // reports the change.
  const [root = signed] = pinned.map(fingerprint);
  const isFirst = fingerprint(keys.root) !== signed;
  const { version, issuedAt, expiresAt, grace } = list;
  const followed = { root, last: isFirst ? { version, issuedAt } : null, until: expiresAt + grace };
  return { signed, next, followed: root === signed ? null : followed };
}

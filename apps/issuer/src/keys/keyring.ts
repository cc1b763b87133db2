import { statSync } from "node:fs";
import { join } from "node:path";
import { IssueError } from "../domain/errors.ts";
import type { Keyring } from "../domain/ports.ts";
import { type Published, privateFolder, readPublished, withdrawnKids } from "./folder.ts";
import { type HeldKey, newestKey, openPrivateKeys } from "./private.ts";

/**
 * Opens a folder for issuing. What `keys rotate` and `keys revoke` change there counts from the next call on, with no restart; issuer and root are
 * pinned as they were at first, and a list never goes back.
 * @throws {Error} a file is missing, readable by others, or does not belong here
 */
export function openKeyring(folder: string): Keyring {
  let opened = open(folder);
  const current = () => {
    if (stampOf(folder) !== opened.stamp) opened = open(folder, opened);
    return opened;
  };
  const newest = (use: "vouchers" | "documents", now: number, until: number) => {
    const found = newestKey(current().usable, { use, now, until });
    if (found) return { key: found.key, until: found.to };
    const what = use === "vouchers" ? "voucher" : "document";
    throw new IssueError("no-signing-key", `no ${what} key covers this time: run doorproof keys rotate`);
  };
  return {
    issuer: opened.issuer,
    get keys() {
      return current().keys;
    },
    get roots() {
      return distinct([opened.root, ...current().list.roots]);
    },
    get withdrawn() {
      return current().withdrawn;
    },
    voucherKey: ({ now, expiresAt }) => newest("vouchers", now, expiresAt),
    documentKey: ({ now }) => newest("documents", now, now),
    signedBy(kid) {
      const found = current().usable.get(kid);
      return found && { key: found.key, until: found.to };
    },
  };
}

interface Opened extends Published {
  readonly stamp: string;
  /** By kid; none that was withdrawn. */
  readonly usable: ReadonlyMap<string, HeldKey>;
  readonly withdrawn: Keyring["withdrawn"];
}

function open(folder: string, before?: Opened): Opened {
  const stamp = stampOf(folder);
  try {
    const published = readPublished(folder, before && pinsOf(before));
    const { revocations, keys } = published;
    const kids = withdrawnKids(revocations);
    const usable = new Map([...openPrivateKeys(folder, keys)].filter(([kid]) => !kids.has(kid)));
    return { ...published, stamp, usable, withdrawn: { kids, version: revocations.version } };
  } catch (error) {
    // Something was replaced or pruned between our reading the one file and the other.
    if (stampOf(folder) !== stamp) return open(folder, before);
    throw error;
  }
}

function pinsOf({ issuer, root, list, document }: Opened) {
  const held = { version: list.version, document };
  return { issuer, root, roots: [root, ...list.roots], held: () => held };
}

// A file that was renamed into its place is another one, whatever the clock says; the folder changes when a private key joins.
function stampOf(folder: string): string {
  const stamps = [join(folder, "keys.cose"), join(folder, "revocations.cose"), privateFolder(folder)].map((path) => {
    const { ino, mtimeNs, size } = statSync(path, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  });
  return stamps.join();
}

function distinct(keys: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(keys.map((key) => [Buffer.from(key).toString("hex"), key])).values()];
}

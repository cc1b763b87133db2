import { statSync } from "node:fs";
import { join } from "node:path";
import type { Held } from "@doorproof/verifier";
import { keyId, toHex } from "@doorproof/voucher/codec";
import { IssueError } from "../domain/errors.ts";
import type { Keyring } from "../domain/ports.ts";
import { type Published, privateFolder, readPublished, withdrawnKids } from "./folder.ts";
import { type HeldKey, newestKey, usableKeys } from "./private.ts";

/**
 * Opens a folder for issuing. What `keys rotate` and `keys revoke` change there counts from the next call on, with no
 * restart. As on a device, the issuer's name is pinned at first, a root is followed only by one that its own list has
 * named, and a list's version never goes back.
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
      return current().keys.roots;
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
  /** The last list of each root, by kid. */
  readonly held: ReadonlyMap<string, Held>;
  /** By kid; none that was withdrawn. */
  readonly usable: ReadonlyMap<string, HeldKey>;
  readonly withdrawn: Keyring["withdrawn"];
}

function open(folder: string, before?: Opened): Opened {
  const stamp = stampOf(folder);
  try {
    const published = readPublished(folder, before && pinsOf(before));
    const { revocations, keys, list, document } = published;
    const kids = withdrawnKids(revocations);
    const usable = usableKeys(folder, published);
    const held = new Map([...(before?.held ?? []), [toHex(keyId(keys.root)), { version: list.version, document }]]);
    return { ...published, stamp, held, usable, withdrawn: { kids, version: revocations.version } };
  } catch (error) {
    // A file was replaced or removed while we read: start again.
    if (stampOf(folder) !== stamp) return open(folder, before);
    throw error;
  }
}

function pinsOf({ issuer, keys, held }: Opened) {
  return { issuer, roots: keys.roots, held: (kid: string) => held.get(kid) ?? null };
}

// By inode, since a renamed file is another one even if its time is the same; the folder's own time changes when a
// private key is added.
function stampOf(folder: string): string {
  const stamps = [join(folder, "keys.cose"), join(folder, "revocations.cose"), privateFolder(folder)].map((path) => {
    const { ino, mtimeNs, size } = statSync(path, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  });
  return stamps.join();
}

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { keyFileName, openKeyFile, type SigningKey } from "@doorproof/signer";
import type { KeySet } from "@doorproof/verifier";
import type { KeyUse, RevocationList } from "@doorproof/voucher";
import { fromHex, toHex } from "@doorproof/voucher/codec";
import { privateFolder, withdrawnKids } from "./folder.ts";

/** A listed key whose private half is here. */
export interface HeldKey {
  readonly key: SigningKey;
  readonly from: number;
  readonly to: number;
}

/**
 * The private keys of a list that lie in the folder, by kid. What is not listed any more is not opened.
 * @throws {Error} a file is readable by others or holds another key than its name says
 */
export function openPrivateKeys(folder: string, { keys }: KeySet): ReadonlyMap<string, HeldKey> {
  const held = new Map<string, HeldKey>();
  const path = privateFolder(folder);
  const present = new Set(readdirSync(path));
  for (const [kid, { use, from, to }] of keys) {
    const name = keyFileName({ use, kid: fromHex(kid) });
    if (!present.has(name)) continue;
    const key = openKeyFile(join(path, name), { use });
    if (toHex(key.kid) !== kid) throw new Error(`${name} holds another key than its name says`);
    held.set(kid, { key, from, to });
  }
  return held;
}

/** Those of them that may sign: what the published revocation list withdraws is not among them. */
export function usableKeys(
  folder: string,
  { keys, revocations }: { keys: KeySet; revocations: RevocationList },
): ReadonlyMap<string, HeldKey> {
  const kids = withdrawnKids(revocations);
  return new Map([...openPrivateKeys(folder, keys)].filter(([kid]) => !kids.has(kid)));
}

/** The newest key of a use whose window covers `now` and is not over before `until`. */
export function newestKey(
  held: ReadonlyMap<string, HeldKey>,
  { use, now, until }: { use: KeyUse; now: number; until: number },
): HeldKey | undefined {
  const fitting = [...held.values()].filter(
    ({ key, from, to }) => key.use === use && from <= now && now < to && until <= to,
  );
  return fitting.sort((a, b) => b.from - a.from)[0];
}

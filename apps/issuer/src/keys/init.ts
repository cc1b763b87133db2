import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createKeyFile, type SigningKey, signKeyList, signRevocations } from "@doorproof/signer";
import type { ListedKey } from "@doorproof/voucher";
import { toHex } from "@doorproof/voucher/codec";
import { NEXT } from "../domain/vouchers/index.ts";
import { type KeyFolder, privateFolder } from "./folder.ts";
import { makeKeys, toListed, USES } from "./make.ts";
import { PLANNED_AHEAD, planWindows } from "./plan.ts";
import { bareSets, rootFile } from "./publish.ts";
import { replaceFiles } from "./replace.ts";

/**
 * Seconds for which a device goes on with a list that is due. With {@link NEXT} it is how long an offline device
 * accepts a leaked key's forgeries.
 */
const GRACE = 18 * 3600;

/**
 * Makes an issuer's keys: root, a year of voucher and document keys, secrets, and what is published of them.
 * @param issuer the name that every document carries
 * @param now seconds since 1970
 * @throws {Error} the folder holds keys already: nothing is ever overwritten
 */
export async function initKeyFolder(
  { folder, rootFolder }: KeyFolder,
  { issuer, now, random }: { issuer: string; now: number; random: (length: number) => Uint8Array },
): Promise<{ root: SigningKey; keys: readonly ListedKey[] }> {
  if (existsSync(join(folder, "keys.cose"))) throw new Error(`${folder} holds keys already`);
  const secretFolder = privateFolder(folder);
  for (const path of [secretFolder, rootFolder]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  }
  const taken = new Set<string>();
  const root = createKeyFile(rootFolder, { use: "root", taken });
  taken.add(toHex(root.kid));
  const made = USES.flatMap((use) => makeKeys(secretFolder, { use, windows: planWindows([], now), taken }));
  const signer = made.find(({ use }) => use === "documents");
  if (!signer) throw new Error("no document key was made");
  writeFileSync(join(secretFolder, "secrets.env"), writeSecrets(random), { mode: 0o600, flag: "wx" });

  const keys = made.map(toListed);
  const list = {
    issuer,
    version: 1,
    issuedAt: now,
    expiresAt: now + PLANNED_AHEAD,
    grace: GRACE,
    keys,
    roots: [root.publicKey],
  };
  const empty = { issuer, version: 1, issuedAt: now, next: now + NEXT, kids: [], ctis: [] };
  replaceFiles(folder, {
    "root.pub.pem": rootFile(list.roots),
    ...bareSets(list, { kids: new Set(), now }),
    "revocations.cose": await signRevocations(empty, { key: signer.key }),
    // Last, because its presence says that the folder is whole.
    "keys.cose": await signKeyList(list, { root }),
  });
  return { root, keys };
}

function writeSecrets(random: (length: number) => Uint8Array): string {
  const names = ["CODE_SECRET", "LINK_SECRET", "DATA_SECRET"];
  return names.map((name) => `${name}=${toHex(random(32))}\n`).join("");
}

import { join } from "node:path";
import { createKeyFile, keyFileName, type SigningKey } from "@doorproof/signer";
import type { KeyUse, ListedKey } from "@doorproof/voucher";
import { toHex } from "@doorproof/voucher/codec";
import type { PlannedWindow } from "./plan.ts";
import { makeDurable } from "./replace.ts";

export const USES: readonly KeyUse[] = ["vouchers", "documents"];

/** A key that was made just now, and its place in the plan. */
export interface MadeKey extends PlannedWindow {
  readonly kid: string;
  readonly key: SigningKey;
  readonly use: KeyUse;
}

/**
 * Makes a private key for each window, durable before its public half is published.
 * @param taken kids that exist; grows by those that are made
 */
export function makeKeys(
  folder: string,
  { use, windows, taken }: { use: KeyUse; windows: readonly PlannedWindow[]; taken: Set<string> },
): MadeKey[] {
  const made = windows.map((window) => {
    const key = createKeyFile(folder, { use, taken });
    const kid = toHex(key.kid);
    taken.add(kid);
    makeDurable(join(folder, keyFileName(key)));
    return { ...window, kid, key, use };
  });
  makeDurable(folder);
  return made;
}

export function toListed({ use, key, from, to }: MadeKey): ListedKey {
  return { use, publicKey: key.publicKey, from, to };
}

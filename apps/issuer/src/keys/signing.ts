import type { SigningKey } from "@doorproof/signer";
import type { KeyUse } from "@doorproof/voucher";
import { readPublished } from "./folder.ts";
import { newestKey, usableKeys } from "./private.ts";

/**
 * The newest private key of a use in a folder that the published list names, that was not withdrawn, and whose window
 * covers `now` and is not over before `until`.
 *
 * @param until of a voucher key: the voucher's expiry
 * @returns until: when its window is over; undefined: there is no such key here
 * @throws {Error} the folder is not as `keys init` makes it
 */
export function newestSigningKey(
  folder: string,
  { use, now, until }: { use: KeyUse; now: number; until: number },
): { readonly key: SigningKey; readonly until: number } | undefined {
  const found = newestKey(usableKeys(folder, readPublished(folder)), { use, now, until });
  return found && { key: found.key, until: found.to };
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { MAX_VOUCHER_LIFE } from "@doorproof/signer";
import type { Store } from "./domain/store.ts";
import { withdrawnVouchers } from "./domain/vouchers/revocations.ts";
import { openKeyring } from "./keys/keyring.ts";
import { openSqlite } from "./store/sqlite.ts";

const DATABASE = "doorproof.sqlite";

/** The issuer's books; made when they are not there. The caller closes them. */
export function openBooks(dataDir: string): Promise<Store> {
  return openSqlite(join(dataDir, DATABASE));
}

/**
 * The withdrawn vouchers of these keys as the books stand. Needs no secrets: a key is withdrawn in a hurry, from whatever shell is at hand.
 * @returns ctis, 16 hex digits each; undefined: there are no books here
 */
export async function withdrawnInBooks(
  dataDir: string,
  { folder, now }: { folder: string; now: () => number },
): Promise<readonly string[] | undefined> {
  if (!existsSync(join(dataDir, DATABASE))) return undefined;
  const store = await openBooks(dataDir);
  try {
    const policy = { maxVoucherLife: MAX_VOUCHER_LIFE };
    return await withdrawnVouchers({ store, keyring: openKeyring(folder), now, policy });
  } finally {
    await store.close();
  }
}

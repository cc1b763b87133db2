import { existsSync } from "node:fs";
import { join } from "node:path";
import { MAX_VOUCHER_LIFE } from "@doorproof/signer";
import { whyDoubted } from "./domain/clock/index.ts";
import { withdrawnVouchers } from "./domain/vouchers/index.ts";
import { openKeyring } from "./keys/keyring.ts";
import type { UnboundKey } from "./store/sqlite/unbound-keys.ts";
import type { Store } from "./store/store.ts";

const DATABASE = "doorproof.sqlite";

/** The issuer's database; made when it is not there. The caller closes it. */
export async function openDatabase(dataDir: string): Promise<Store> {
  // Loaded here, since the command line's verbs that work from keys alone need no database and are not to wait for one.
  const { openSqlite } = await import("./store/sqlite.ts");
  return openSqlite(join(dataDir, DATABASE));
}

/** API keys that may redeem for all couriers, since they were made before one was asked for. It changes nothing. */
export async function unboundKeysInDatabase(dataDir: string): Promise<readonly UnboundKey[]> {
  if (!existsSync(join(dataDir, DATABASE))) return [];
  const { readUnboundKeys } = await import("./store/sqlite/unbound-keys.ts");
  return readUnboundKeys(join(dataDir, DATABASE));
}

/**
 * Why an issuer that starts now on this database doubts its clock, in a sentence. It changes nothing.
 * @returns null: it believes it
 */
export async function clockDoubtInDatabase(
  dataDir: string,
  { now, uptime }: { now: number; uptime: number },
): Promise<string | null> {
  if (!existsSync(join(dataDir, DATABASE))) return null;
  const { readClock } = await import("./store/sqlite/read-clock.ts");
  return whyDoubted({ now, uptime }, { row: readClock(join(dataDir, DATABASE)), since: null });
}

/**
 * The withdrawn vouchers of these keys, from the database. It needs no secrets, so that a leaked key can be withdrawn
 * from any shell that sees the two folders.
 * @returns ctis, 16 hex digits each; undefined: there is no database here
 */
export async function withdrawnInDatabase(
  dataDir: string,
  { folder, now }: { folder: string; now: () => number },
): Promise<readonly string[] | undefined> {
  if (!existsSync(join(dataDir, DATABASE))) return undefined;
  const store = await openDatabase(dataDir);
  try {
    const policy = { maxVoucherLife: MAX_VOUCHER_LIFE };
    return await withdrawnVouchers({ store, keyring: openKeyring(folder), now, policy });
  } finally {
    await store.close();
  }
}

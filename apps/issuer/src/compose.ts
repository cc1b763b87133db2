import { MAX_VOUCHER_LIFE } from "@doorproof/signer";
import type { Config } from "./config.ts";
import { openDatabase } from "./database.ts";
import { openKeyring } from "./keys/keyring.ts";
import type { StoreDeps } from "./store/store.ts";

/** What only `main.*` may take from the machine. */
export interface Machine {
  /** Seconds since 1970. */
  readonly now: () => number;
  /** A CSPRNG: so many bytes. */
  readonly random: (length: number) => Uint8Array;
}

/**
 * Opens keys and database: what every verb of the domain is handed. The caller closes `store`.
 * @throws {Error} there are no keys yet
 */
export async function openDeps(config: Config, { now, random }: Machine): Promise<StoreDeps> {
  const { keysDir, dataDir, secrets, publicUrl, defaultCountry } = config;
  if (!config.hasKeys || !secrets)
    throw new Error(`there are no keys in ${keysDir}: make them with doorproof keys init --dir ${keysDir}`);
  return {
    keyring: openKeyring(keysDir),
    store: await openDatabase(dataDir),
    secrets,
    policy: { publicUrl, defaultCountry, maxVoucherLife: MAX_VOUCHER_LIFE, phoneInVoucher: true },
    now,
    random,
  };
}

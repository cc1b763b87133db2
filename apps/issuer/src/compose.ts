import { MAX_VOUCHER_LIFE, sealVoucher } from "@doorproof/signer";
import type { Config } from "./config.ts";
import { openDatabase } from "./database.ts";
import { underWatch, type Watch, watchClock } from "./domain/clock/index.ts";
import { openKeyring } from "./keys/keyring.ts";
import type { StoreDeps } from "./store/store.ts";

/** What only `main.*` may take from the machine. */
export interface Machine {
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Seconds of a clock that nobody sets, and that goes on while the machine sleeps. */
  readonly uptime: () => number;
  /** A CSPRNG: so many bytes. */
  readonly random: (length: number) => Uint8Array;
}

/**
 * Opens keys and database: what every verb of the domain is handed. The caller closes `store`.
 * @throws {Error} there are no keys yet
 */
export async function openDeps(
  config: Config,
  { now, uptime, random }: Machine,
): Promise<StoreDeps & { readonly clock: Watch }> {
  const { keysDir, dataDir, secrets, publicUrl, defaultCountry, recordsAnHour } = config;
  if (!config.hasKeys || !secrets)
    throw new Error(`there are no keys in ${keysDir}: make them with doorproof keys init --dir ${keysDir}`);
  const keyring = openKeyring(keysDir);
  const store = await openDatabase(dataDir);
  const clock = await watchClock({ store, now, uptime });
  return {
    keyring: underWatch(keyring, clock),
    store,
    clock,
    secrets,
    policy: { publicUrl, defaultCountry, maxVoucherLife: MAX_VOUCHER_LIFE, phoneInVoucher: true, recordsAnHour },
    now,
    random,
    seal: sealVoucher,
  };
}

import type { ActorKind } from "@doorproof/api/lists";
import type { SigningKey, sealVoucher } from "@doorproof/signer";
import type { ListedKeySet } from "@doorproof/verifier";

/**
 * What every verb of the domain is handed. Times are seconds since 1970 throughout.
 * @typeParam Rows what it reads and writes of the database, and nothing besides
 */
export interface Deps<Rows> extends Surroundings {
  readonly store: Transactional<Rows>;
}

/** The row verbs of a database. Each stands alone or inside {@link Transactional.transaction}. */
export type Transactional<Rows> = Rows & {
  /**
   * Writers wait for each other from their first read on, across processes, so that what `work` has read is still true
   * when it writes. What is written is stored as a whole or not at all, and durable when the promise resolves. Inside
   * `work` only its own rows may be used: the store itself would wait for ever.
   */
  transaction<T>(work: (rows: Rows) => Promise<T>): Promise<T>;
};

export interface Surroundings {
  readonly keyring: Keyring;
  readonly secrets: Secrets;
  readonly policy: Policy;
  readonly now: () => number;
  readonly clock: BelievedClock;
  /** A CSPRNG: so many bytes. */
  readonly random: (length: number) => Uint8Array;
  /** Takes a tenth of a second of a core, on purpose. */
  readonly seal: typeof sealVoucher;
}

/** The issuer's keys as they are now: private ones only as {@link SigningKey}, and none that was withdrawn. */
export interface Keyring {
  readonly issuer: string;
  /** The public keys, with which the vouchers that devices report are verified. */
  readonly keys: ListedKeySet;
  /**
   * What the published revocation list withdraws: kids of 8 hex digits, and the list's version. The same object until
   * it changes.
   */
  readonly withdrawn: { readonly kids: ReadonlySet<string>; readonly version: number };
  /**
   * What a new device pins: the root that signed the published list and those that it names to go on or to follow; 32
   * bytes each.
   */
  readonly roots: readonly Uint8Array[];
  /** The newest voucher key whose window covers both times. @throws {IssueError} `no-signing-key` */
  voucherKey(times: { now: number; expiresAt: number }): { key: SigningKey; until: number };
  /** The newest document key whose window covers now. @throws {IssueError} `no-signing-key` */
  documentKey(times: { now: number }): { key: SigningKey; until: number };
  /** The key that signed a voucher, to make the voucher again; undefined once it is gone or withdrawn. */
  signedBy(kid: string): { key: SigningKey; until: number } | undefined;
}

/** Whether `now` is to be believed: by a wrong clock an issuer would sign what devices refuse for days. */
export interface BelievedClock {
  /** @returns why not, in a sentence for the operator; null: it is believed */
  doubt(): string | null;
}

/** 32 random bytes each. */
export interface Secrets {
  /** Newest first: new codes come from the first, older vouchers' codes from the one they were made with. */
  readonly codes: readonly Uint8Array[];
  /** Newest first: new links come from the first; older ones open by the hash that is stored of them. */
  readonly links: readonly Uint8Array[];
  /** Newest first: encrypts with the first, opens with any. */
  readonly data: readonly Uint8Array[];
}

export interface Policy {
  /** Where links point, without a trailing slash: from configuration, never from a request. */
  readonly publicUrl: string;
  /** ISO 3166 country for numbers without +, as `GB`. */
  readonly defaultCountry: string | null;
  /** Seconds. */
  readonly maxVoucherLife: number;
  readonly phoneInVoucher: boolean;
  /** Records that a device, or an API key, may report in an hour. */
  readonly recordsAnHour: number;
}

/**
 * Who asks: an API key, a driver's device, the command line, or a worker that the clock started. `kind` and `id` go into
 * the audit trail.
 */
export type Actor =
  | {
      readonly kind: "api-key";
      readonly id: string;
      /** Whose deliveries it may redeem: a courier's name, `*` for all, null for none. */
      readonly courier: string | null;
    }
  | { readonly kind: Exclude<ActorKind, "api-key">; readonly id: string };

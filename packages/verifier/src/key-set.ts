import type { KeyList, KeyUse } from "@doorproof/voucher";
import type { VerifySignature } from "./ed25519.ts";

/** The keys of **one** issuer: kid, cti and delivery ID mean nothing across issuers. */
export type KeySet = BareKeySet | ListedKeySet;

/** From JWKS or a COSE_KeySet: without windows and without age. */
export interface BareKeySet extends Keys {
  readonly list: null;
}

/** From a root-signed key list. */
export interface ListedKeySet extends Keys {
  readonly list: KeyList;
  /** The root that signed the list, 32 bytes. */
  readonly root: Uint8Array;
  /**
   * What a reader that keeps state pins from now on, in place of what it had (docs/format.md section 5): never empty,
   * all of them sound.
   */
  readonly roots: readonly Uint8Array[];
}

interface Keys {
  readonly issuer: string;
  /** By kid, 8 hex digits. */
  readonly keys: ReadonlyMap<string, TrustedKey>;
}

/** A key that was imported. Serves from `from` until before `to`, seconds since 1970. */
export interface TrustedKey {
  /** 8 hex digits. */
  readonly kid: string;
  readonly use: KeyUse;
  readonly from: number;
  readonly to: number;
  readonly verify: VerifySignature;
}

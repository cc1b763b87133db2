import type { Via } from "@doorproof/api/lists";
import type { Note } from "@doorproof/verifier";
import type { RefusalCode, RefusalFacts } from "@doorproof/voucher";

/**
 * What the result screen shows. Closed: screens switch over `kind` without a default, so that a new kind fails to
 * compile.
 */
export type Outcome =
  | Accept
  | Decide
  | Refuse
  /** No voucher, perhaps a URL, which is never opened: a toast. */
  | { readonly kind: "not-a-voucher" }
  /** Too many wrong codes for this stop; seconds since 1970. */
  | { readonly kind: "paused"; readonly deliveryId: string; readonly until: number }
  /** Valid, but not stored, and so not green: what was green must be in the ledger. `full`: no space left. */
  | { readonly kind: "not-recorded"; readonly deliveryId: string; readonly why: "full" | "failed" };

/** Green: stored in the ledger already. */
export interface Accept {
  readonly kind: "accept";
  readonly deliveryId: string;
  readonly label: string | null;
  /** The issuer whose voucher it is: IDs mean nothing across issuers. */
  readonly issuer: string;
  readonly notes: readonly Note[];
  readonly entryId: string;
  readonly via: Via;
}

/**
 * Amber: valid, and a person must decide. `name-parcel`: no stop was open, so the driver confirms by a tap that this is
 * the parcel in their hand (`notes` may hold the old lists as well: one tap for both). `old-list`: the key or
 * revocation list is old or missing. `ask-dispatcher`: the manifest asks for what this app does not know. `nobody`: it
 * names nobody that this app knows who may take it, so there is nothing to agree to.
 */
export interface Decide {
  readonly kind: "decide";
  readonly why: "old-list" | "name-delivery" | "ask-dispatcher" | "nobody";
  readonly deliveryId: string;
  readonly label: string | null;
  readonly issuer: string;
  readonly notes: readonly Note[];
}

/**
 * Red. `deliveryId` is the voucher's where its signature held (of `wrong-delivery` the other parcel's), else the open
 * stop's, else null.
 */
export type Refuse = {
  readonly [Code in RefusalCode]: {
    readonly kind: "refuse";
    readonly code: Code;
    readonly facts: RefusalFacts[Code];
    readonly deliveryId: string | null;
  };
}[RefusalCode];

/** Notes that make a valid verdict amber (docs/format.md section 6). */
export const AMBER: readonly Note[] = ["keys-old", "revocations-old", "no-revocations"];

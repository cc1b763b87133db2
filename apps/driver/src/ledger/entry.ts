import type { AnswerStatus, AttemptReason, TakenBy, Via } from "@doorproof/api/lists";
import type { RefusalCode } from "@doorproof/voucher";

// The ledger's entries: what happened at the doors, as it is reported to the issuer (docs/format.md section 7). Times
// are seconds since 1970.

/** What happened, before the ledger numbers it. */
export type DoorEvent =
  | {
      readonly kind: "redemption";
      /** Voucher text; null once the issuer has answered, when it is no longer needed. */
      readonly voucher: string | null;
      readonly deliveryId: string;
      readonly via: Via;
      /** The signed floor: the event cannot be earlier. */
      readonly floor: number;
      /** Of the manifest; null in third-party mode. */
      readonly route: string | null;
      readonly version: number | null;
      readonly takenBy: TakenBy;
      readonly name?: string;
      /** The entry that this one replaces, because somebody else took the parcel. */
      readonly replaces?: string;
    }
  | {
      readonly kind: "refusal";
      readonly code: RefusalCode;
      readonly kid?: string;
      readonly cti?: string;
      readonly deliveryId?: string;
    }
  | { readonly kind: "attempt"; readonly deliveryId: string; readonly reason: AttemptReason; readonly note?: string }
  | { readonly kind: "undo"; readonly of: string };

/** An event in the ledger: numbered, and never changed except by the issuer's answer. */
export type Entry = DoorEvent & {
  readonly seq: number;
  /** UUID, drawn before the first write, so that a write that is tried twice is one entry. */
  readonly id: string;
  /** kid, cti and delivery ID mean nothing at another issuer. */
  readonly issuer: string;
  /** Of the stop, for the log: the next manifest leaves out what is done. Never sent. */
  readonly label: string | null;
  readonly at: number;
  /** By this device's clock; `at` is never before the signed floor. */
  readonly writtenAt: number;
  /** Issuer's clock minus this one, at the last sync before; null: there was none. Left out: of an earlier version. */
  readonly clockDifference?: number | null;
  /** The undo that took it back before it was offered to the issuer. */
  readonly undoneBy?: string;
  readonly answer?: Answer;
  /**
   * The issuer could not read this entry, even alone: the problem's code. It is offered again at each start, and by
   * hand.
   */
  readonly dead?: string;
};

/** What the issuer decided. */
export interface Answer {
  readonly status: AnswerStatus;
  readonly code?: string;
  /** The record that stands: when, and whose (a device ID). */
  readonly by?: { readonly at: number; readonly reporter?: string };
}

import type { ConflictCode, RedemptionStatus, TakenBy, Via } from "@doorproof/api/lists";
import type { RefusalCode } from "@doorproof/voucher";

/**
 * What a device or courier reports from a door (docs/format.md section 7). Times are seconds since 1970, by the
 * device's clock.
 */
export interface RedemptionRecord {
  /** UUID, drawn by the device. */
  readonly id: string;
  readonly seq?: number;
  /** Voucher text, unverified. */
  readonly voucher: string;
  readonly via: Via;
  readonly at: number;
  /** The latest signed time that the device had seen. The redemption cannot be earlier. */
  readonly floor?: number;
  readonly route?: string;
  readonly version?: number;
  readonly takenBy: TakenBy;
  readonly name?: string;
  /** What the device's clock said. */
  readonly writtenAt?: number;
  /** The issuer's clock minus the device's, as the device measured it at its last sync; in seconds. */
  readonly clockDifference?: number;
}

/** Why a redemption is refused, a duplicate or a conflict. */
export type DecisionCode = RefusalCode | ConflictCode;

export interface RedemptionAnswer {
  readonly id: string;
  readonly status: RedemptionStatus;
  /** Why. */
  readonly code?: DecisionCode;
  /** The record that stands, and the device that sent it. */
  readonly by?: { readonly id: string; readonly at: number; readonly reporter?: string };
}

import type { RedemptionStatus, TakenBy, Via } from "@doorproof/api/lists";

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
}

export interface RedemptionAnswer {
  readonly id: string;
  readonly status: RedemptionStatus;
  /** Why: a refusal code, or `superseded`, `cancelled`, `out-of-bounds`, `already-delivered`, `unknown-delivery`. */
  readonly code?: string;
  /** The record that stands, and the device that sent it. */
  readonly by?: { readonly id: string; readonly at: number; readonly reporter?: string };
}

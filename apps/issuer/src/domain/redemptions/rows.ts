import type { AttemptReason, RecordKind, RedemptionStatus, TakenBy, Via } from "@doorproof/api/lists";
import type { DispatchReach } from "../dispatch/index.ts";
import type { Deps } from "../ports.ts";
import type { DecisionCode } from "./record.ts";

/** What reports from doors ask of a database. */
export interface RedemptionRows {
  /**
   * The one conditional insert that decides a redemption: unique by voucher and by delivery, across all processes.
   * @returns false: another stands
   */
  insertAcceptance(acceptance: AcceptanceRow): Promise<boolean>;
  findAcceptance(deliveryId: string): Promise<AcceptanceRow | undefined>;
  /** @returns false: this reporter has sent a record of this ID before */
  insertRedemption(redemption: Omit<RedemptionRow, "seq">): Promise<boolean>;
  findRedemption(reporter: string, recordId: string): Promise<RedemptionRow | undefined>;
  /** Newest first. */
  listRedemptions(query: {
    status?: RedemptionStatus;
    limit: number;
    before?: number;
  }): Promise<readonly RedemptionRow[]>;

  /** @returns false: this reporter has sent an entry of this ID before */
  insertEntry(entry: EntryRow): Promise<boolean>;
  findEntry(reporter: string, entryId: string): Promise<EntryRow | undefined>;

  findQuota(reporter: string): Promise<QuotaRow | undefined>;
  /** Replaces the row of this reporter. */
  putQuota(quota: QuotaRow): Promise<void>;
}

/**
 * All that a report reads and writes: its own rows, what dispatch knows of device and stop, the voucher's life, the
 * audit trail.
 */
export type RedemptionReach = RedemptionRows & DispatchReach;
export type RedemptionDeps = Deps<RedemptionReach>;

export interface AcceptanceRow {
  readonly voucherId: string;
  readonly deliveryId: string;
  readonly reporter: string;
  readonly recordId: string;
  readonly at: number;
}

/** What a device or courier reported, and what it was answered. */
export interface RedemptionRow {
  /** In the order of arrival. */
  readonly seq: number;
  readonly reporter: string;
  readonly recordId: string;
  /** Null unless the signature held. */
  readonly voucherId: string | null;
  readonly deliveryId: string | null;
  readonly via: Via;
  readonly at: number;
  readonly floor: number | null;
  readonly deviceSeq: number | null;
  readonly route: string | null;
  readonly version: number | null;
  readonly takenBy: TakenBy;
  readonly sealedName: string | null;
  readonly receivedAt: number;
  /** By the device's clock, and what it knew of that clock's fault; null: it did not tell. */
  readonly writtenAt: number | null;
  readonly clockDifference: number | null;
  readonly status: RedemptionStatus;
  readonly code: DecisionCode | null;
  /** The record that stands. */
  readonly byId: string | null;
  readonly byAt: number | null;
}

/** How many records a reporter has sent in the hour that began with the first of them. */
export interface QuotaRow {
  readonly reporter: string;
  readonly since: number;
  readonly used: number;
}

/** A record of a device that is no redemption. */
export interface EntryRow {
  readonly reporter: string;
  readonly entryId: string;
  readonly kind: Exclude<RecordKind, "redemption">;
  readonly deviceSeq: number;
  readonly at: number;
  readonly receivedAt: number;
  readonly deliveryId: string | null;
  /** Of a refusal: why, and of which voucher if its signature held. */
  readonly code: string | null;
  readonly kid: string | null;
  readonly cti: string | null;
  /** Of an attempt. */
  readonly reason: AttemptReason | null;
  readonly sealedNote: string | null;
  /** The entry that was taken back. */
  readonly undoes: string | null;
  /** What a person should know before they believe it. */
  readonly marks: readonly EntryMark[];
}

/** Why an entry that was noted is not to be believed as it stands. */
export const ENTRY_MARKS = [
  "out-of-bounds", // it tells of a time at which it cannot have happened
  "unknown-delivery", // the issuer has no such delivery
] as const;
export type EntryMark = (typeof ENTRY_MARKS)[number];

import type { VoucherStatus } from "@doorproof/api/lists";
import type { AuditRows } from "../audit/index.ts";
import type { MessageRows } from "../messages/index.ts";
import type { Deps } from "../ports.ts";
import type { DeliveryState } from "./lifecycle.ts";

/**
 * What deliveries and their vouchers ask of a database. No row holds a voucher, a signature, a short code or a phone
 * number in the clear.
 */
export interface VoucherRows {
  /** @returns false: there is one of this ID already, and nothing was written */
  insertDelivery(delivery: DeliveryRow): Promise<boolean>;
  findDelivery(id: string): Promise<DeliveryRow | undefined>;
  setDeliveryState(id: string, state: DeliveryState): Promise<void>;
  setDeliveryPhone(id: string, sealedPhone: string): Promise<void>;
  setDeliveryCourier(id: string, courier: string | null): Promise<void>;

  /** @returns false: there is one of this kid and cti already, or of this cti under another kid; nothing was written */
  insertVoucher(voucher: VoucherRow): Promise<boolean>;
  findVoucher(id: string): Promise<VoucherRow | undefined>;
  findVoucherByLink(linkHash: string): Promise<VoucherRow | undefined>;
  /** Of one delivery, oldest first. */
  vouchersOf(deliveryId: string): Promise<readonly VoucherRow[]>;
  /** Newest first. `live` and `expired` are told by `now`, marked or not. */
  listVouchers(query: VoucherQuery): Promise<readonly VoucherRow[]>;
  /** Marked live and past their expiry. */
  overdueVouchers(now: number, limit: number): Promise<readonly VoucherRow[]>;
  setVoucherStatus(id: string, status: VoucherStatus, at: number): Promise<void>;

  /** @returns false: this request was made before */
  insertIdempotency(row: IdempotencyRow): Promise<boolean>;
  findIdempotency(key: string): Promise<IdempotencyRow | undefined>;
  forgetIdempotency(olderThan: number): Promise<void>;
}

/** All that a verb on a voucher reads and writes: its own rows, the messages about it, the audit trail. */
export type VoucherReach = VoucherRows & MessageRows & AuditRows;
export type VoucherDeps = Deps<VoucherReach>;

export interface DeliveryRow {
  readonly id: string;
  readonly state: DeliveryState;
  /** E.164, encrypted; null once it was forgotten. */
  readonly sealedPhone: string | null;
  /** The address, encrypted. */
  readonly sealedLabel: string | null;
  /** What else its driver reads: name, hint, whom the recipient named, parcels, whom to call. Encrypted. */
  readonly sealedDetails: string | null;
  /** How many: a manifest has a bound for all of them. */
  readonly parcels: number;
  /** Bits, as in a manifest. */
  readonly asks: number;
  readonly takers: number;
  readonly locale: string;
  /**
   * HMAC over phone, expiry and what a stop is asked for beside its label, as first asked for: tells a repeated request
   * from another one, and stores no number. null once the phone was forgotten.
   */
  readonly orderMac: string | null;
  readonly createdAt: number;
  /** To whom it is handed: their API keys may redeem it. Null: to nobody. */
  readonly courier: string | null;
}

/** A voucher's claims and its state; the voucher itself is made again from them. */
export interface VoucherRow {
  /** kid and cti, 24 hex digits. */
  readonly id: string;
  readonly kid: string;
  readonly cti: string;
  readonly deliveryId: string;
  readonly expiresAt: number;
  readonly phoneHash: number | null;
  readonly status: VoucherStatus;
  readonly issuedAt: number;
  /** When it stopped being live. */
  readonly endedAt: number | null;
  /** Which code secret its short code comes from; says nothing about the secret. */
  readonly codeSecretId: string;
  /** SHA-256 of the link token. */
  readonly linkHash: string;
}

export interface VoucherQuery {
  readonly now: number;
  readonly deliveryId?: string;
  readonly kid?: string;
  readonly status?: VoucherStatus;
  readonly limit: number;
  /** A voucher's ID: what is older than it. */
  readonly after?: string;
}

/** What was done once, and what was answered. */
export interface IdempotencyRow {
  /** HMAC over actor and key. */
  readonly key: string;
  /** HMAC over route and body. */
  readonly request: string;
  readonly voucherId: string;
  readonly created: boolean;
  /** Null: of the days before answers were kept. */
  readonly sealedAnswer: string | null;
  readonly createdAt: number;
}

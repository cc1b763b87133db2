import type { DispatchRows } from "./dispatch/rows.ts";
import type { DeliveryState, VoucherStatus } from "./vouchers/lifecycle.ts";

export type * from "./dispatch/rows.ts";

/**
 * What the domain asks of a database. Every verb stands alone or inside {@link Store.transaction}; what is written in one transaction is there
 * wholly or not at all, and durable when the promise resolves. No row holds a voucher, a signature, a short code, a token or a phone number in
 * the clear (docs/format.md section 8, property 6). Times are seconds since 1970.
 */
export interface Store extends Rows {
  /**
   * Writers stand in line from their first read on, across processes, so that what `work` has read is still so when it writes.
   * Inside `work` only its own rows may be used: the store itself would wait for it for ever.
   */
  transaction<T>(work: (rows: Rows) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface Rows extends DispatchRows {
  /** @returns false: there is one of this ID already, and nothing was written */
  insertDelivery(delivery: DeliveryRow): Promise<boolean>;
  findDelivery(id: string): Promise<DeliveryRow | undefined>;
  setDeliveryState(id: string, state: DeliveryState): Promise<void>;
  setDeliveryPhone(id: string, sealedPhone: string): Promise<void>;

  /** @returns false: there is one of this cti already, under whatever key, and nothing was written */
  insertVoucher(voucher: VoucherRow): Promise<boolean>;
  findVoucher(id: string): Promise<VoucherRow | undefined>;
  findVoucherByLink(linkHash: string): Promise<VoucherRow | undefined>;
  /** Of one delivery, oldest first. */
  vouchersOf(deliveryId: string): Promise<readonly VoucherRow[]>;
  /** Newest first. `live` and `expired` are by `now`, whatever the sweep has marked. */
  listVouchers(query: VoucherQuery): Promise<readonly VoucherRow[]>;
  /** Marked live and past their expiry. */
  overdueVouchers(now: number, limit: number): Promise<readonly VoucherRow[]>;
  setVoucherStatus(id: string, status: VoucherStatus, at: number): Promise<void>;

  insertSms(sms: SmsRow): Promise<void>;
  /** Of one voucher, oldest first. */
  smsOf(voucherId: string): Promise<readonly SmsRow[]>;
  /** Takes the one message that has been due longest and nobody holds: leased until `until`, its tries counted up. */
  leaseSms(times: { now: number; until: number }): Promise<SmsRow | undefined>;
  /** When the message that has been due longest was due; undefined: none is due. */
  oldestDueSms(now: number): Promise<number | undefined>;
  setSms(id: string, change: Pick<SmsRow, "state" | "dueAt" | "sentAt">): Promise<void>;
  /** What still waits for this voucher is not sent any more. */
  dropSms(voucherId: string): Promise<void>;

  /**
   * The one conditional insert that decides a redemption: unique by voucher and by delivery, whoever asks and from wherever.
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

  insertEvent(event: Omit<EventRow, "seq">): Promise<void>;
  /** Newest first. */
  listEvents(query: { deliveryId?: string; limit: number; before?: number }): Promise<readonly EventRow[]>;
  /** How many of each kind, ever: for the metrics. */
  countEvents(): Promise<readonly { readonly kind: string; readonly count: number }[]>;

  insertApiKey(key: ApiKeyRow): Promise<void>;
  findApiKey(tokenHash: string): Promise<ApiKeyRow | undefined>;

  /** @returns false: this request was made before */
  insertIdempotency(row: IdempotencyRow): Promise<boolean>;
  findIdempotency(key: string): Promise<IdempotencyRow | undefined>;
  forgetIdempotency(olderThan: number): Promise<void>;
}

export interface DeliveryRow {
  readonly id: string;
  readonly state: DeliveryState;
  /** E.164, sealed. */
  readonly sealedPhone: string;
  readonly sealedLabel: string | null;
  readonly locale: string;
  /** HMAC over phone and expiry as first ordered: tells the same order from another with no number stored. */
  readonly orderMac: string;
  readonly createdAt: number;
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

/** An SMS that is to be sent: to whom and what is made at sending. */
export interface SmsRow {
  readonly id: string;
  readonly voucherId: string;
  readonly state: "waiting" | "sent" | "failed" | "dropped";
  readonly dueAt: number;
  readonly attempts: number;
  readonly createdAt: number;
  readonly sentAt: number | null;
}

export interface AcceptanceRow {
  readonly voucherId: string;
  readonly deliveryId: string;
  readonly reporter: string;
  readonly recordId: string;
  readonly at: number;
}

export const REDEMPTION_STATUSES = ["accepted", "duplicate", "conflict", "refused"] as const;
export type RedemptionStatus = (typeof REDEMPTION_STATUSES)[number];

/** What a device or courier reported, and what it was answered. */
export interface RedemptionRow {
  /** In the order of arrival. */
  readonly seq: number;
  readonly reporter: string;
  readonly recordId: string;
  /** Null unless the signature held. */
  readonly voucherId: string | null;
  readonly deliveryId: string | null;
  readonly via: "scan" | "code";
  readonly at: number;
  readonly floor: number | null;
  readonly deviceSeq: number | null;
  readonly route: string | null;
  readonly version: number | null;
  readonly takenBy: string;
  readonly sealedName: string | null;
  readonly receivedAt: number;
  readonly status: RedemptionStatus;
  readonly code: string | null;
  /** The record that stands. */
  readonly byId: string | null;
  readonly byAt: number | null;
}

/** The audit trail: appended, never changed. */
export interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly deliveryId: string | null;
  readonly voucherId: string | null;
  readonly actorKind: string;
  readonly actorId: string;
  readonly sealedReason: string | null;
}

export interface ApiKeyRow {
  readonly id: string;
  /** SHA-256 of the token. */
  readonly tokenHash: string;
  /** Separated by commas. */
  readonly scopes: string;
  readonly label: string | null;
  readonly createdAt: number;
}

/** IDs and status only: the answer is made again. */
export interface IdempotencyRow {
  /** HMAC over actor and key. */
  readonly key: string;
  /** HMAC over route and body. */
  readonly request: string;
  readonly voucherId: string;
  readonly created: number;
  readonly createdAt: number;
}

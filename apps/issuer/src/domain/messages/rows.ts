import type { MessageOutcome } from "@doorproof/api/lists";

/** What the outbox asks of a database. */
export interface MessageRows {
  insertSms(sms: SmsRow): Promise<void>;
  /** Of one voucher, oldest first. */
  smsOf(voucherId: string): Promise<readonly SmsRow[]>;
  /** Takes the message that has been due longest and is not leased: leases it until `until` and counts the try. */
  leaseSms(times: { now: number; until: number }): Promise<SmsRow | undefined>;
  /** When the message that has been due longest was due; undefined: none is due. */
  oldestDueSms(now: number): Promise<number | undefined>;
  setSms(id: string, change: Pick<SmsRow, "state" | "dueAt" | "sentAt">): Promise<void>;
  /** Messages that still wait for this voucher are not sent any more. */
  dropSms(voucherId: string): Promise<void>;
}

/** An SMS that is to be sent. Its number and its text are made when it is sent. */
export interface SmsRow {
  readonly id: string;
  readonly voucherId: string;
  readonly state: "waiting" | MessageOutcome | "failed" | "dropped";
  readonly dueAt: number;
  readonly attempts: number;
  readonly createdAt: number;
  /** When the gateway took it, whatever became of it then. */
  readonly sentAt: number | null;
}

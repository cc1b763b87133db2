import type { AuditRows } from "../audit/index.ts";
import type { Deps } from "../ports.ts";
import type { VoucherRows } from "../vouchers/index.ts";

/** What the end of personal data asks of a database. Times are seconds since 1970. */
export interface PersonalDataRows {
  /** Deliveries with a phone number that were created before, oldest first, with the end of their last voucher. */
  deliveriesWithPhone(query: {
    createdBefore: number;
    after?: Pick<PhoneHolder, "id" | "createdAt">;
    limit: number;
  }): Promise<readonly PhoneHolder[]>;
  /** Number, label, and what was made from the number: hash, request's HMAC and seals. */
  forgetPhone(deliveryId: string): Promise<void>;
  /**
   * Notes of attempts and reasons of events, older than `before`, of deliveries of which no voucher ended since then.
   * @returns how many, at most twice the limit
   */
  forgetNotes(query: { before: number; limit: number }): Promise<number>;
  /** Takers' names in the same way. */
  forgetNames(query: { before: number; limit: number }): Promise<number>;
  /** Puts another ID in a delivery's place, wherever it stands, and forgets all that is about a person. */
  buryDelivery(query: { id: string; tombstone: string }): Promise<void>;
}

export interface PhoneHolder {
  readonly id: string;
  readonly createdAt: number;
  readonly endedAt: number;
}

export type PersonalDataReach = PersonalDataRows & VoucherRows & AuditRows;
export type PersonalDataDeps = Deps<PersonalDataReach>;

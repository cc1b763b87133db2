import type { AuditRows } from "../audit/index.ts";
import type { Deps } from "../ports.ts";
import type { VoucherRows } from "../vouchers/index.ts";
import type { SecretFieldName } from "./secret-fields.ts";

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
  /** What is encrypted in one of SECRET_FIELDS, by its key; none that is empty. @param after a key */
  encryptedTexts(query: { field: SecretFieldName; after?: FieldKey; limit: number }): Promise<readonly EncryptedText[]>;
  /** @returns false: it is no longer what it was, and nothing was written */
  replaceEncrypted(change: { field: SecretFieldName; key: FieldKey; from: string; to: string }): Promise<boolean>;
  /** In the same way, by what a delivery's request is recognised. */
  replaceOrderMac(change: { id: string; from: string; to: string }): Promise<boolean>;
}

/** As SECRET_FIELDS says, in its order. */
export type FieldKey = readonly (string | number)[];

export interface EncryptedText {
  readonly key: FieldKey;
  /** What it was encrypted for. */
  readonly belongsTo: string;
  readonly encrypted: string;
}

export interface PhoneHolder {
  readonly id: string;
  readonly createdAt: number;
  readonly endedAt: number;
}

export type PersonalDataReach = PersonalDataRows & VoucherRows & AuditRows;
export type PersonalDataDeps = Deps<PersonalDataReach>;

/** Why the issuer does not do what it was asked; closed. What these mean to a web client is the HTTP room's matter. */
export const ISSUE_CODES = [
  "invalid-delivery", // with faults, all of them at once
  "delivery-exists", // the same delivery ID with other claims
  "delivery-cancelled",
  "delivery-delivered",
  "voucher-unknown",
  "voucher-not-live", // expired, revoked, superseded or redeemed
  "sms-refused", // too many to this delivery or number
  "no-signing-key", // no key's window covers the voucher
  "idempotency-mismatch", // the same key with another body
  "route-unknown",
  "foreign-route", // a device asks for the manifest of another route
  "enrolment-over", // the link was used, replaced by a newer one, or is too old
  "device-unknown", // never enrolled, or revoked
] as const;

export type IssueCode = (typeof ISSUE_CODES)[number];

/** One fault of an order: where (a JSON pointer into it, as `/phone`) and what, in a sentence for the person who wrote it. */
export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export class IssueError extends Error {
  override readonly name = "IssueError";
  readonly code: IssueCode;
  readonly faults: readonly Fault[];

  constructor(code: IssueCode, message: string, faults: readonly Fault[] = []) {
    super(message);
    this.code = code;
    this.faults = faults;
  }
}

// The closed lists: words that programs on both sides switch on. This file imports no library, so that a phone or a
// command that needs only a list loads nothing else.

/** Who took the delivery at the door. */
export const TAKERS = ["recipient", "neighbour", "safe-place", "reception"] as const;
export type TakenBy = (typeof TAKERS)[number];

/** What a stop can ask of the driver. */
export const ASKS = ["label", "safe-place-photo", "attempt-photo", "signature", "age"] as const;
export type Ask = (typeof ASKS)[number];

/** Why nobody took it. */
export const ATTEMPT_REASONS = ["no-answer", "refused", "wrong-address", "damaged", "other"] as const;
export type AttemptReason = (typeof ATTEMPT_REASONS)[number];

/** How the voucher came to the device: its QR was scanned, or its short code was typed. */
export const VIAS = ["scan", "code"] as const;
export type Via = (typeof VIAS)[number];

/** What a device uploads, in the order in which `UploadRecord` lists them. */
export const RECORD_KINDS = ["redemption", "refusal", "attempt", "undo"] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** What the issuer decides of a redemption. */
export const REDEMPTION_STATUSES = ["accepted", "duplicate", "conflict", "refused"] as const;
export type RedemptionStatus = (typeof REDEMPTION_STATUSES)[number];

/** What a record is answered: a redemption is decided, all else is noted. */
// Written out: a spread cannot be left out of a bundle that needs another list.
export const ANSWER_STATUSES = ["accepted", "duplicate", "conflict", "refused", "noted"] as const;
export type AnswerStatus = (typeof ANSWER_STATUSES)[number];

/**
 * Why a redemption does not stand, or not a second time, in the order in which the issuer looks (docs/format.md section
 * 7). A duplicate has `already-used` as well.
 */
export const CONFLICT_CODES = [
  "unknown-delivery", // signed by a key of ours, and not in the issuer's database
  "out-of-bounds", // the time of the act cannot be
  "already-used", // another record of the same voucher stands
  "already-delivered", // a record of another voucher of the delivery stands
  "revoked", // before the act
  "superseded", // by a reissue, before the act
  "cancelled", // the delivery, before the act
  "too-late", // more than seven days after the voucher's expiry
  "not-on-manifest", // another route's stop
  "not-handed", // another courier's delivery, or nobody's
  "withdrawn-late", // withdrawn by now; the time of the act is the word of somebody who never carried the voucher
  "reported-after-revocation", // by a phone that was revoked: whoever has it chooses the time
] as const;
export type ConflictCode = (typeof CONFLICT_CODES)[number];

export const VOUCHER_STATUSES = ["live", "redeemed", "revoked", "superseded", "expired"] as const;
export type VoucherStatus = (typeof VOUCHER_STATUSES)[number];

/**
 * How a voucher's latest message stands; `none` where none was asked for. Only `sent` left the machine: `logged` was
 * written down for a trial, `unsent` belongs to an issuer that has no gateway.
 */
export const SMS_STATUSES = ["none", "waiting", "sent", "logged", "unsent", "failed"] as const;
export type SmsStatus = (typeof SMS_STATUSES)[number];

/** What becomes of messages that a gateway has taken. */
export const MESSAGE_OUTCOMES = ["sent", "logged", "unsent"] as const;
export type MessageOutcome = (typeof MESSAGE_OUTCOMES)[number];

/** What became of a stop on its way to the manifest. */
export const STOP_STATES = ["on", "waiting", "sealing", "no-voucher", "delivered", "cancelled"] as const;
export type StopStatus = (typeof STOP_STATES)[number];

/** What an API key may do: each route of the issuer asks for one of these, and openapi.json says for which. */
// `decide`, `manual`, `people`, `receipts` and `evidence` come with the routes that need them.
export const PERMISSIONS = [
  "read", // vouchers, routes and redemptions, none of their secrets
  "numbers", // phone numbers in the clear, where a view shows them: none does yet
  "reveal", // a voucher's text, short code and link, with a reason
  "issue", // vouchers, and new ones in their place
  "message", // send a voucher's message again
  "withdraw", // revoke vouchers, cancel deliveries
  "routes", // which stops a route has
  "devices", // enrol drivers' phones
  "redeem", // report what happened at the doors
  "import", // many deliveries at once: no route yet, only the command line
  "export", // all that is kept, in bulk: no route yet
  "metrics", // figures for Prometheus
  "audit", // the audit trail
  "keys", // API keys themselves: no route yet, only the command line
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Permissions that go together, under a name. What shows secrets or takes them out of the house is in none. */
export const SCOPES = {
  vouchers: ["read", "issue", "message", "withdraw", "routes", "devices", "import"],
  redeem: ["redeem"],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;
export type Scope = keyof typeof SCOPES;

/** Instead of a courier's name, on an API key that may redeem: all deliveries, whoever carries them. */
export const ALL_COURIERS = "*";

/** How a device's token ended: by the next enrolment for its route, or by a person, as when the phone is lost. */
export const DEVICE_ENDS = ["replaced", "revoked"] as const;
export type DeviceEnd = (typeof DEVICE_ENDS)[number];

/** Who did what an event of the audit trail tells. */
export const ACTOR_KINDS = ["api-key", "device", "operator", "clock"] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** Everything that the audit trail can hold, by subject. */
export const EVENT_TYPES = [
  "voucher-issued",
  "voucher-resent",
  "voucher-revealed",
  "voucher-redeemed",
  "voucher-revoked",
  "voucher-superseded",
  "voucher-expired",
  "delivery-delivered",
  "delivery-cancelled",
  "delivery-erased",
  "delivery-handed",
  "delivery-taken-back",
  "redemption-accepted",
  "redemption-duplicate",
  "redemption-conflict",
  "redemption-refused",
  "door-refusal",
  "door-attempt",
  "door-undo",
  "stop-moved",
  "stop-forced",
  "stop-removed",
  "enrolment-opened",
  "device-enrolled",
  "device-revoked",
  "device-gap",
  "sms-sent",
  "sms-logged",
  "sms-unsent",
  "sms-failed",
  "api-key-created",
  "api-key-renamed",
  "api-key-revoked",
  "clock-accepted",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Why the issuer's rules refuse what was asked, over HTTP or on the command line. */
export const ISSUE_CODES = [
  "invalid-delivery", // with faults, all of them at once
  "delivery-exists", // the same delivery ID with other claims
  "delivery-cancelled",
  "delivery-delivered",
  "delivery-unknown",
  "delivery-open", // a voucher of it lives
  "voucher-unknown",
  "voucher-not-live", // expired, revoked, superseded or redeemed
  "sms-refused", // too many to this delivery or number
  "no-signing-key", // no key's window covers the voucher
  "clock-doubted", // the issuer's own clock contradicts its database, its uptime or its key list
  "idempotency-mismatch", // the same key with another body
  "route-unknown",
  "foreign-route", // a device asks for the manifest of another route
  "enrolment-over", // the link was used, replaced by a newer one, or is too old
  "device-unknown", // never enrolled, or revoked
  "invalid-api-key", // with faults, all of them at once
  "api-key-unknown", // never made, or revoked
] as const;
export type IssueCode = (typeof ISSUE_CODES)[number];

/** What is wrong with a request before any rule has looked at it. */
export const REQUEST_CODES = [
  "invalid-request",
  "unknown-field",
  "invalid-json",
  "bad-request",
  "unauthorized",
  "insufficient-scope",
  "not-found",
  "method-not-allowed",
  "body-too-large",
  "unsupported-media-type",
  "rate-limited",
  "internal-error",
  "storage-full", // nothing was stored; send it again when there is room
  "storage-failed",
  "unavailable",
] as const;
export type RequestCode = (typeof REQUEST_CODES)[number];

/** `code` of a problem (RFC 9457). */
export type ProblemCode = RequestCode | IssueCode;

/** Records in one upload, at most. */
export const MAX_RECORDS = 500;

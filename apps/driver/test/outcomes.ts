import type { Note } from "@doorproof/verifier";
import { REFUSAL_CODES, type RefusalCode, type RefusalFacts } from "@doorproof/voucher";
import type { Outcome, Refuse } from "../src/outcome.ts";

// Every row of the verdict table, as the screens are shown it.

const AT = 1_795_420_000;

/** Closed by its type: a new code without facts does not compile. */
const FACTS: { readonly [Code in RefusalCode]: RefusalFacts[Code] } = {
  malformed: { step: "payload" },
  "unknown-key": { kid: "a35b7346" },
  "key-revoked": { kid: "a35b7346" },
  "key-not-valid": { kid: "a35b7346", from: AT - 9_000, to: AT },
  "bad-signature": { kid: "a35b7346" },
  "clock-behind": { floor: AT },
  "stale-keys": { expiredAt: AT },
  "stale-revocations": { expiredAt: AT },
  "wrong-delivery": { expected: "RR123456789DE" },
  "already-used": { at: AT },
  "no-manifest": {},
  "not-on-manifest": { route: "north-7" },
  revoked: { listedAt: AT },
  expired: { expiresAt: AT },
  "phone-mismatch": {},
  "code-mistyped": {},
  "wrong-code": {},
  "cannot-open": {},
  "older-document": { version: 3, held: 4 },
  "foreign-document": { expected: "north-7", found: "south-1" },
};

const NOTES: Readonly<Record<Note, true>> = {
  "keys-old": true,
  "revocations-old": true,
  "no-revocations": true,
  "keys-unsigned": true,
  "delivery-not-compared": true,
  "assignment-not-checked": true,
  "phone-not-in-voucher": true,
};

const parcel = { deliveryId: "RR123456783DE", label: "Y. Tan, 2 The Green", issuer: "Parcel Post" } as const;
const notes = Object.keys(NOTES) as Note[];

export const OUTCOMES: readonly { readonly name: string; readonly outcome: Outcome }[] = [
  { name: "accept", outcome: { kind: "accept", ...parcel, notes: [], entryId: "a", via: "scan" } },
  { name: "accept, every note", outcome: { kind: "accept", ...parcel, notes, entryId: "a", via: "code" } },
  { name: "decide, old list", outcome: { kind: "decide", why: "old-list", ...parcel, notes: ["revocations-old"] } },
  { name: "decide, name the parcel", outcome: { kind: "decide", why: "name-parcel", ...parcel, notes: [] } },
  ...REFUSAL_CODES.map((code) => ({
    name: `refuse, ${code}`,
    // Code and facts belong together by FACTS; the union does not know it of a variable.
    outcome: { kind: "refuse", code, facts: FACTS[code], deliveryId: parcel.deliveryId } as Refuse,
  })),
  { name: "paused", outcome: { kind: "paused", deliveryId: parcel.deliveryId, until: AT } },
  { name: "not recorded, full", outcome: { kind: "not-recorded", deliveryId: parcel.deliveryId, why: "full" } },
  { name: "not recorded, failed", outcome: { kind: "not-recorded", deliveryId: parcel.deliveryId, why: "failed" } },
  { name: "not a voucher", outcome: { kind: "not-a-voucher" } },
];

import type { MalformedStep, Refusal, RefusalCode } from "./refusal.ts";

/** A line in English for logs and command lines. Screens have catalogues of their own, in their users' languages. */
export function explainRefusal({ code, facts }: Refusal): string {
  return "step" in facts ? STEPS[facts.step] : LINES[code];
}

const STEPS: Record<MalformedStep, string> = {
  text: "no voucher at all",
  base45: "damaged: not the one base45 text of any bytes",
  length: "damaged: no voucher or document has this length",
  payload: "signed, but not in the one encoding of what it should say",
  frame: "not a signed document of this kind",
  keys: "not a key set that can be used",
};

const LINES: Record<RefusalCode, string> = {
  malformed: "damaged",
  "unknown-key": "this issuer has no such key",
  "key-revoked": "the key that signed it was withdrawn",
  "key-not-valid": "the key that signed it does not serve for this time",
  "bad-signature": "forged or altered",
  "clock-behind": "this device's clock stands before a time it has seen",
  "stale-keys": "the key list is too old to decide",
  "stale-revocations": "the revocation list is too old to decide",
  "wrong-delivery": "genuine, for another delivery",
  "already-used": "used before on this device",
  "no-manifest": "this device has no manifest that holds now",
  "not-on-manifest": "genuine, but not a stop of this route now",
  revoked: "withdrawn by the issuer",
  expired: "expired",
  "phone-mismatch": "not the number on the order",
  "code-mistyped": "the short code has a typing slip",
  "wrong-code": "the code does not open this stop",
  "cannot-open": "the key derivation did not run on this device",
  "future-document": "dated after the time that the issuer itself states",
  "older-document": "older than the one already held",
  "foreign-document": "another issuer's or another route's document",
};

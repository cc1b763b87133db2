/**
 * Every reason for which Doorproof refuses, in the order in which a reader must apply them (docs/format.md section 6).
 * The list is closed: a driver's screen, a log and a vector exist for each.
 */
export const REFUSAL_CODES = [
  "malformed",
  "unknown-key",
  "key-revoked",
  "key-not-valid",
  "bad-signature",
  "clock-behind",
  "stale-keys",
  "stale-revocations",
  "wrong-delivery",
  "already-used",
  "no-manifest",
  "not-on-manifest",
  "revoked",
  "expired",
  "phone-mismatch",
  // typed codes
  "code-mistyped",
  "wrong-code",
  "cannot-open",
  // signed documents only: never the verdict on a voucher
  "foreign-document",
  "future-document",
  "older-document",
] as const;

/** One of {@link REFUSAL_CODES}. */
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/**
 * Where the bytes went wrong. `text`: no voucher at all, so no alarm. `base45`, `length`, `payload`: a damaged voucher.
 * `frame`: not a signed document of this kind. `keys`: a bare key set (JWKS, COSE_KeySet) that cannot be used.
 */
export type MalformedStep = "text" | "base45" | "length" | "payload" | "frame" | "keys";

/** What a caller needs to act on a refusal. Times are seconds since 1970, kid is 8 hex digits. */
export interface RefusalFacts {
  malformed: { step: MalformedStep };
  "unknown-key": { kid: string };
  "key-revoked": { kid: string };
  "key-not-valid": { kid: string; from: number; to: number };
  "bad-signature": { kid: string };
  "clock-behind": { floor: number };
  "stale-keys": { expiredAt: number };
  "stale-revocations": { expiredAt: number };
  "wrong-delivery": { expected: string };
  "already-used": { at: number; where?: string };
  "no-manifest": { expiredAt?: number };
  "not-on-manifest": { route: string };
  revoked: { listedAt: number };
  expired: { expiresAt: number };
  "phone-mismatch": Record<never, never>;
  "code-mistyped": Record<never, never>;
  "wrong-code": Record<never, never>;
  "cannot-open": Record<never, never>;
  "future-document": { issuedAt: number };
  "older-document": { version: number; held: number };
  "foreign-document": { expected: string; found: string };
}

/** What the issuer signed, as far as it is known at a refusal: absent until the signature holds. */
export interface AuthenticatedClaims {
  /** 8 hex digits. */
  readonly kid: string;
  /** 16 hex digits. */
  readonly cti: string;
  readonly deliveryId: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/**
 * The one error class. Thrown, so that a forgotten catch fails closed. Callers switch on `code`; sentences for people
 * are `explainRefusal`'s, so that no verifier carries them twice. `claims` is there only when the fault was found after
 * the signature held: nothing else of a refused voucher may be shown or kept.
 */
export class Refusal<Code extends RefusalCode = RefusalCode> extends Error {
  override readonly name = "Refusal";
  readonly code: Code;
  readonly facts: RefusalFacts[Code];
  readonly claims: AuthenticatedClaims | undefined;

  constructor(code: Code, facts: RefusalFacts[Code], claims?: AuthenticatedClaims) {
    super(code);
    this.code = code;
    this.facts = facts;
    this.claims = claims;
  }

  /** Whether what was caught is a refusal with this code; its facts are then known by type. */
  static is<Code extends RefusalCode>(error: unknown, code: Code): error is Refusal<Code> {
    return error instanceof Refusal && error.code === code;
  }
}

/**
 * @throws always: `malformed` at this step. It has no message: the step tells which check it was, and each sentence
 * would add to a verifier's bundle.
 */
export function malformed(step: MalformedStep): never {
  throw new Refusal("malformed", { step });
}

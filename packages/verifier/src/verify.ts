import {
  type AuthenticatedClaims,
  type Claims,
  hashPhone,
  type Manifest,
  Refusal,
  type RefusalCode,
  type RefusalFacts,
  type RevocationList,
  readText,
} from "@doorproof/voucher";
import { hasEntry, readPayload, splitVoucher, toHex, voucherBytesToSign } from "@doorproof/voucher/codec";
import { CLOCK_TOLERANCE } from "./document.ts";
import type { KeySet, TrustedKey } from "./key-set.ts";

/** What is asked of a voucher. All times are seconds since 1970, whole ones below 2^32. */
export interface Question {
  /** Of one issuer: by {@link openKeyList}, or a bare set by {@link readJwksKeys} or {@link readCoseKeys}. */
  readonly keys: KeySet;
  readonly now: number;
  /** The stop that is open or the label that was scanned; null says that nobody compares. */
  readonly delivery: string | null;
  /** By {@link openRevocations}. Left out: a result says `no-revocations`. */
  readonly revocations?: RevocationList;
  /** The numbers that the person at the door may have meant, E.164: one of them must fit. */
  readonly phones?: readonly string[];
  /**
   * The route's manifest; null for a device that should have one and has not. Left out: nobody checks the assignment.
   */
  readonly manifest?: Manifest | null;
  /** This device's memory: was this voucher, or another of its delivery, accepted here? */
  readonly used?: (claims: AuthenticatedClaims) => RefusalFacts["already-used"] | undefined;
  /** The local mark: the latest time this device has seen otherwise. */
  readonly seen?: number;
}

/** What a valid result says beside "valid" (docs/format.md section 6); closed. */
export type Note =
  | "keys-old"
  | "revocations-old"
  | "no-revocations"
  | "keys-unsigned"
  | "delivery-not-compared"
  | "assignment-not-checked"
  | "phone-not-in-voucher";

/** A voucher whose signature and claims were checked. Replay is keyed on (kid, cti), never on the text. */
export interface ValidVoucher extends AuthenticatedClaims {
  /** Whose it is: kid, cti and delivery ID mean nothing across issuers. */
  readonly issuer: string;
  /** In the order of section 6; what a driver need not be stopped for. */
  readonly notes: readonly Note[];
}

/**
 * Verifies a voucher in the steps of docs/format.md section 1: at most one signature check, nothing parsed before it
 * holds, and the first refusal that applies in the order of section 6.
 *
 * @param text what was scanned or opened, of any type
 * @throws {Refusal} any code but those of typed codes, of the online check and of documents
 * @throws {RangeError} the caller's mistake, and no verdict: no clock was handed in, or a clock or local mark that is no
 * time of the format, or a number that is not E.164
 */
export function verifyVoucher(text: unknown, question: Question): ValidVoucher {
  // A missing clock compares false with every bound: without this, a forgotten `now` would accept what has expired, and
  // a mark that was read back as NaN would switch the clock check off. Asked before the text is looked at, so that a
  // caller's mistake shows at the first voucher and not at the first with a hash.
  const { now, seen = 0, phones } = question;
  if (now >>> 0 !== now || seen >>> 0 !== seen) throw new RangeError("now");
  const hashes = phones?.map(hashPhone);
  const voucher = readText(text); // step 1
  const { kid, signature, payload } = splitVoucher(voucher); // step 2
  const key = findKey(kid, question); // step 3
  if (!key.verify(voucherBytesToSign(kid, payload), signature)) {
    throw new Refusal("bad-signature", { kid: key.kid }); // step 4
  }
  const claims = readPayload(payload); // step 5
  return judge(claims, key, question, hashes); // step 6
}

function findKey(id: Uint8Array, question: Question): TrustedKey {
  const { keys, now, revocations } = question;
  const kid = toHex(id);
  const key = keys.keys.get(kid);
  if (key?.use !== "vouchers") throw new Refusal("unknown-key", { kid });
  if (revocations && hasEntry(revocations.kids, id)) throw new Refusal("key-revoked", { kid });
  const { from, to } = key;
  // By a clock that is behind no window is judged from its beginning: `judge` says what is wrong. An issuer's first key
  // is hours old when phones are enrolled, and told "key not valid" their drivers would not look at the clock.
  if (now >= to || (now < from && now >= latestTimeSeen(question) - CLOCK_TOLERANCE))
    throw new Refusal("key-not-valid", { kid, from, to });
  return key;
}

function judge(
  { deliveryId, expiresAt, cti, phoneHash }: Claims,
  key: TrustedKey,
  question: Question,
  hashes: readonly number[] | undefined,
): ValidVoucher {
  const { keys, now, delivery, revocations, manifest, used } = question;
  const { kid, from, to } = key;
  const claims: AuthenticatedClaims = { kid, cti: toHex(cti), deliveryId, expiresAt };
  const refuse = <Code extends RefusalCode>(code: Code, facts: RefusalFacts[Code]): never => {
    throw new Refusal(code, facts, claims);
  };
  const notes: Note[] = [];

  if (expiresAt > to) refuse("key-not-valid", { kid, from, to });

  const floor = latestTimeSeen(question);
  if (now < floor - CLOCK_TOLERANCE) refuse("clock-behind", { floor });

  // Stale is not invalid: a list signed two days late must not stop every device of a country.
  const grace = keys.list?.grace ?? 0;
  if (!keys.list) notes.push("keys-unsigned");
  else if (now >= keys.list.expiresAt + grace) refuse("stale-keys", { expiredAt: keys.list.expiresAt });
  else if (now >= keys.list.expiresAt) notes.push("keys-old");
  if (!revocations) notes.push("no-revocations");
  else if (now >= revocations.next + grace) refuse("stale-revocations", { expiredAt: revocations.next });
  else if (now >= revocations.next) notes.push("revocations-old");

  if (delivery === null) notes.push("delivery-not-compared");
  else if (delivery !== deliveryId) refuse("wrong-delivery", { expected: delivery });

  const use = used?.(claims);
  if (use) refuse("already-used", use);

  if (manifest === undefined) notes.push("assignment-not-checked");
  else if (manifest === null) refuse("no-manifest", {});
  else if (now >= manifest.expiresAt) refuse("no-manifest", { expiredAt: manifest.expiresAt });
  else if (!manifest.stops.some((stop) => stop.deliveryId === deliveryId)) {
    refuse("not-on-manifest", { route: manifest.route });
  }

  if (revocations && hasEntry(revocations.ctis, cti)) refuse("revoked", { listedAt: revocations.issuedAt });
  if (manifest && hasEntry(manifest.revoked, cti)) refuse("revoked", { listedAt: manifest.issuedAt });
  if (now >= expiresAt) refuse("expired", { expiresAt });

  if (hashes) {
    if (phoneHash === null) notes.push("phone-not-in-voucher");
    else if (!hashes.includes(phoneHash)) refuse("phone-mismatch", {});
  }
  return { ...claims, issuer: keys.issuer, notes };
}

/** The signed floor (latest iat of what was accepted) and the local mark (docs/format.md section 6, time). */
function latestTimeSeen({ keys, revocations, manifest, seen = 0 }: Question): number {
  return Math.max(keys.list?.issuedAt ?? 0, revocations?.issuedAt ?? 0, manifest?.issuedAt ?? 0, seen);
}

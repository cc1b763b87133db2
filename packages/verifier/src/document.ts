import { Refusal } from "@doorproof/voucher";
import { bytesToSign, type DocumentKind, equalBytes, readSign1, toHex } from "@doorproof/voucher/codec";
import type { VerifySignature } from "./ed25519.ts";
import type { KeySet, TrustedKey } from "./key-set.ts";

/** Two clocks may differ by this many seconds, and neither is called wrong. */
export const CLOCK_TOLERANCE = 300;

/** What a device accepted last from this signing key: the version and all bytes of the document. */
export interface Held {
  readonly version: number;
  readonly document: Uint8Array;
}

/**
 * A device's memory of documents of one kind, by signing key (8 hex digits); null where there is none. Kept by key, so
 * that a thief with a leaked key cannot lock out the next key by signing a huge version.
 */
export type HeldBy = (kid: string) => Held | null;

/** Of the device that reads, and of the answer in which a document came. */
export interface Reception {
  readonly held: HeldBy;
  /** The time that the issuer stated as it handed the document out, seconds since 1970. Left out: a file states none. */
  readonly issuerTime?: number | undefined;
}

/**
 * Takes a signed document apart and checks its signature; only then may its payload be decoded (docs/format.md section
 * 4).
 * @throws {Refusal} `malformed` (`length`, `frame`), `unknown-key`, `bad-signature`
 */
export function openDocument<Key extends { readonly verify: VerifySignature }>(
  kind: DocumentKind,
  document: Uint8Array,
  keys: ReadonlyMap<string, Key>,
): { kid: string; key: Key; payload: Uint8Array } {
  const { kid: id, payload, signature } = readSign1(kind, document);
  const kid = toHex(id);
  const key = keys.get(kid);
  if (!key) throw new Refusal("unknown-key", { kid });
  if (!key.verify(bytesToSign(kind, id, payload), signature)) {
    throw new Refusal("bad-signature", { kid });
  }
  return { kid, key, payload };
}

/** The keys of a set that sign documents: a voucher's key signs no manifest, and the other way round. */
export function documentKeys({ keys }: KeySet): ReadonlyMap<string, TrustedKey> {
  return new Map([...keys].filter(([, key]) => key.use === "documents"));
}

/**
 * What holds for every document below the key list: its issuer is the list's, it was made while its key was in its
 * window, and it comes neither from the future nor before the one held.
 * @throws {Refusal} `foreign-document`, `key-not-valid`, `future-document`, `older-document`
 */
export function acceptDocument(
  said: { issuer: string; version: number; issuedAt: number },
  { kid, from, to }: TrustedKey,
  document: Uint8Array,
  given: { readonly keys: KeySet } & Reception,
): void {
  const { issuer, issuedAt } = said;
  refuseForeign(given.keys.issuer, issuer);
  // Without this, one document dated next year would make a device refuse its own clock as behind, for good.
  if (issuedAt < from || issuedAt >= to) {
    throw new Refusal("key-not-valid", { kid, from, to });
  }
  refuseOutOfTurn(said, document, given.held(kid), given);
}

/** @throws {Refusal} `foreign-document` */
export function refuseForeign(expected: string, found: string): void {
  if (expected !== found) throw new Refusal("foreign-document", { expected, found });
}

/**
 * @throws {Refusal} `future-document`: the issuer's clock stood too far ahead when it was signed, and accepted it would
 * make this device refuse its own clock as behind. `older-document`: other bytes than those held, and no greater version
 */
export function refuseOutOfTurn(
  { version, issuedAt }: { version: number; issuedAt: number },
  document: Uint8Array,
  held: Held | null,
  { issuerTime = issuedAt }: Reception,
): void {
  // Not `>`: a comparison with NaN is false, and so refuses here instead of passing.
  if (!(issuedAt <= issuerTime + CLOCK_TOLERANCE)) throw new Refusal("future-document", { issuedAt });
  if (!held || version > held.version || equalBytes(document, held.document)) return;
  throw new Refusal("older-document", { version, held: held.version });
}

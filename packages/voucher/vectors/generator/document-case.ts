import type { DocumentCase, Octets } from "../schema.ts";
import { type Bytes, hex } from "./bytes.ts";
import { ISSUER, KEYS, keyListPayload, manifestPayload, revocationPayload } from "./given.ts";
import { document, type Kind, type TestKey } from "./make.ts";

export type Reader = DocumentCase["read"];
export const READERS = ["keys", "revocations", "manifest"] as const;

/** The key that may sign a kind, and a payload of it as good as any. */
export const SIGNER: Record<Kind, TestKey> = {
  voucher: KEYS.voucher,
  keys: KEYS.root,
  revocations: KEYS.document,
  manifest: KEYS.document,
  receipt: KEYS.document,
  record: KEYS.document,
  device: KEYS.document,
  shift: KEYS.document,
  handover: KEYS.document,
};
export const PAYLOAD: Record<Reader, (fields?: { issuer?: string; version?: number; iat?: number }) => Bytes> = {
  keys: keyListPayload,
  revocations: revocationPayload,
  manifest: manifestPayload,
};

/** `pinned`: after a key list. */
export interface Accepted {
  version: number;
  issuedAt: number;
  pinned?: readonly Bytes[];
}

/** One case: what it is read as is what it is read with. */
export function reading(
  read: Reader,
  name: string,
  octets: Bytes | Exclude<Octets, string>,
  expect: string | Accepted,
  given: Partial<DocumentCase["given"]> = {},
): DocumentCase {
  const [code = "", step] = typeof expect === "string" ? expect.split(": ") : [];
  const trusted = read === "keys" ? { issuer: ISSUER, roots: [hex(KEYS.root.publicKey)] } : { keys: "listed" };
  const route = read === "manifest" ? { route: "route-7" } : {};
  return {
    name: `${read}: ${name}`,
    read,
    document: octets instanceof Uint8Array ? hex(octets) : octets,
    given: { ...trusted, ...route, ...given },
    expect:
      typeof expect === "string"
        ? step
          ? { code, step }
          : { code }
        : { accepted: { issuer: given.issuer ?? ISSUER, ...says(read, expect) } },
  };
}

// Whom a list leads its reader to pin: most are signed by the root, and name the next one.
function says(read: Reader, { version, issuedAt, pinned = [KEYS.root, KEYS.nextRoot].map(publicKeyOf) }: Accepted) {
  return { version, issuedAt, ...(read === "keys" && { pinned: pinned.map(hex).sort() }) };
}

const publicKeyOf = ({ publicKey }: TestKey): Bytes => publicKey;

/** A payload, signed by the key that may, that is taken. */
export function accepted(
  read: Reader,
  name: string,
  payload: Bytes,
  expect: Accepted,
  given: Partial<DocumentCase["given"]> = {},
): DocumentCase {
  return reading(read, name, document(read, payload, SIGNER[read]), expect, given);
}

/** One, signed so, that is `malformed`. */
export function refused(read: Reader, name: string, payload: Bytes, step = "payload"): DocumentCase {
  return reading(read, name, document(read, payload, SIGNER[read]), `malformed: ${step}`);
}

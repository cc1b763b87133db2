import { ascii, concat, equalBytes } from "./bytes.ts";
import { BYTES, writeHead } from "./cbor-head.ts";
import { malformed } from "./refusal.ts";

/** The signed documents that travel as a whole COSE_Sign1. `receipt` is reserved, and with it the types of section 4. */
export type DocumentKind = "manifest" | "keys" | "revocations" | "receipt";

/** Every signed thing has a `typ` (RFC 9596) of its own, so that none can be passed off as another. */
export type SignedKind = "voucher" | DocumentKind;

/** The parts of a signed thing; nothing here says that the signature holds. */
export interface Signed {
  /** 4 bytes. */
  readonly kid: Uint8Array;
  /** Not to be decoded before the signature was checked. */
  readonly payload: Uint8Array;
  /** Ed25519, 64 bytes, over {@link bytesToSign}. */
  readonly signature: Uint8Array;
}

/** Bytes; a longer document is refused before a byte of it is looked at. */
const MAX_LENGTH: Record<DocumentKind, number> = {
  manifest: 524_288,
  keys: 65_536,
  revocations: 16_777_216,
  receipt: 4_096,
};

/** The COSE Sig_structure (RFC 9052 section 4.4): what the signature is over. */
export function bytesToSign(kind: SignedKind, kid: Uint8Array, payload: Uint8Array): Uint8Array {
  const header = protectedHeader(kind, kid);
  return concat(
    SIGNATURE1,
    writeHead(BYTES, header.length),
    header,
    EMPTY_BSTR,
    writeHead(BYTES, payload.length),
    payload,
  );
}

/** The document on the wire: a tagged COSE_Sign1 (RFC 9052 section 4.2) with an empty unprotected header. */
export function writeSign1(kind: SignedKind, { kid, payload, signature }: Signed): Uint8Array {
  return concat(opening(kind, kid), writeHead(BYTES, payload.length), payload, SIGNATURE_HEAD, signature);
}

/**
 * Takes a document apart without decoding it: all that precedes the payload is compared with constants, one length is
 * read, nothing may follow. Header, algorithm and unprotected bucket are never read from the wire, so there is nothing
 * in them to attack.
 *
 * @returns parts of which the signature has **not** been checked
 * @throws {Refusal} `malformed`, step `length` or `frame`
 */
export function readSign1(kind: DocumentKind, document: Uint8Array): Signed {
  if (document.length > MAX_LENGTH[kind]) malformed("length");
  const kid = document.subarray(KID_OFFSET, KID_OFFSET + KID_LENGTH);
  const start = opening(kind, kid);
  if (!equalBytes(document.subarray(0, start.length), start)) malformed("frame");
  const width = headWidth(document[start.length]);
  const length = document.length - start.length - width - SIGNATURE_HEAD.length - SIGNATURE_LENGTH;
  if (length < 0) malformed("frame");
  const payloadAt = start.length + width;
  const payloadEnd = payloadAt + length;
  const signatureAt = payloadEnd + SIGNATURE_HEAD.length;
  const heads = concat(document.subarray(start.length, payloadAt), document.subarray(payloadEnd, signatureAt));
  // The length is not believed but computed and compared, in its shortest form.
  if (!equalBytes(heads, concat(writeHead(BYTES, length), SIGNATURE_HEAD))) malformed("frame");
  return { kid, payload: document.subarray(payloadAt, payloadEnd), signature: document.subarray(signatureAt) };
}

export const KID_LENGTH = 4;
export const SIGNATURE_LENGTH = 64;

const SIGNATURE1 = Uint8Array.of(0x84, 0x6a, ...ascii("Signature1"));
const EMPTY_BSTR = Uint8Array.of(0x40);
const EMPTY_MAP = /* @__PURE__ */ Uint8Array.of(0xa0);
const SIGNATURE_HEAD = /* @__PURE__ */ Uint8Array.of(0x58, SIGNATURE_LENGTH);
/** d2 84 58 pp a3 01 27 04 44, then the kid. */
const KID_OFFSET = 9;

// {1: -8 (EdDSA), 4: kid, 16: typ}: one algorithm, no choice.
function protectedHeader(kind: SignedKind, kid: Uint8Array): Uint8Array {
  const typ = ascii(`application/vnd.doorproof.${kind}+cbor`);
  return concat(Uint8Array.of(0xa3, 0x01, 0x27, 0x04, 0x44), kid, Uint8Array.of(0x10, 0x78, typ.length), typ);
}

function opening(kind: SignedKind, kid: Uint8Array): Uint8Array {
  const header = protectedHeader(kind, kid);
  return concat(Uint8Array.of(0xd2, 0x84), writeHead(BYTES, header.length), header, EMPTY_MAP);
}

function headWidth(head: number | undefined): number {
  if (head === 0x58) return 2;
  if (head === 0x59) return 3;
  return head === 0x5a ? 5 : 1;
}

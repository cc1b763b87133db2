import { ascii, concat, toHex } from "./bytes.ts";
import { decodeCbor } from "./cbor.ts";
import { readBytes, readList } from "./items.ts";
import { keyId } from "./keys.ts";
import { malformed, Refusal } from "./refusal.ts";

/**
 * A bare key set for couriers who read no signed list: vouchers' keys only, as JWKS (RFC 7517) with the issuer's name
 * beside the keys.
 * @param publicKeys 32 bytes each
 */
export function writeJwks(issuer: string, publicKeys: readonly Uint8Array[]): Jwks {
  const keys = publicKeys.map((publicKey) => ({
    kty: "OKP" as const,
    crv: "Ed25519" as const,
    use: "sig" as const,
    alg: "EdDSA" as const,
    kid: toHex(keyId(publicKey)),
    x: toBase64Url(publicKey),
  }));
  return { issuer, keys };
}

/** A JWK Set (RFC 7517) of Ed25519 public keys (RFC 8037), with a member of ours beside them. */
export interface Jwks {
  /**
   * What the issuer calls itself. Readers must learn the name another way: whoever serves this file could write any
   * name here.
   */
  readonly issuer: string;
  readonly keys: readonly {
    readonly kty: "OKP";
    readonly crv: "Ed25519";
    readonly use: "sig";
    readonly alg: "EdDSA";
    /** The first 4 bytes of the key's thumbprint, 8 hex digits. */
    readonly kid: string;
    /** The public key, 32 bytes in base64url. */
    readonly x: string;
  }[];
}

/**
 * The Ed25519 keys of a JWKS. Keys of types we do not know are skipped (RFC 7517 section 5): a post-quantum key added
 * one day must not stop yesterday's readers. A key that claims a kid it does not have, stands twice or is private
 * spoils the whole set.
 *
 * @param value parsed JSON
 * @returns public keys, 32 bytes each; whether they are points that may be trusted is the verifier's to check
 * @throws {Refusal} `malformed`, step `keys`
 */
export function readJwks(value: unknown): readonly Uint8Array[] {
  if (!isRecord(value) || !Array.isArray(value["keys"])) malformed("keys");
  const keys = value["keys"].filter(
    (jwk: unknown) => isRecord(jwk) && jwk["kty"] === "OKP" && jwk["crv"] === "Ed25519",
  );
  return refuseTwins(keys.map(readJwk));
}

/**
 * The same as a COSE_KeySet (RFC 9052 section 7): {1: 1, 2: kid, 3: -8, -1: 6, -2: x} each.
 * @param publicKeys 32 bytes each
 * @throws {RangeError} more than 23 keys
 */
export function writeCoseKeySet(publicKeys: readonly Uint8Array[]): Uint8Array {
  if (publicKeys.length > 23) throw new RangeError("a key set has at most 23 keys");
  const keys = publicKeys.map((publicKey) => concat(COSE_KEY_HEAD, keyId(publicKey), COSE_KEY_MIDDLE, publicKey));
  return concat(Uint8Array.of(0x80 + publicKeys.length), ...keys);
}

/**
 * The Ed25519 keys of a COSE_KeySet; as strict and as forgiving as {@link readJwks}. What is no set of COSE_Keys at all,
 * as another COSE message, is refused, and not read as a set of none.
 * @param bytes at most 64 KiB
 * @returns public keys, 32 bytes each
 * @throws {Refusal} `malformed`, step `keys`
 */
export function readCoseKeySet(bytes: Uint8Array): readonly Uint8Array[] {
  if (bytes.length > MAX_KEY_SET_LENGTH) malformed("keys");
  try {
    // Decoded without a signature, since the set is pinned by hand: its reader trusts the place that it came from.
    const elements = readList(decodeCbor(bytes, "key-set"));
    const keys = elements.filter(isCoseKey).filter((key) => key.get(1) === 1 && key.get(-1) === 6);
    // A COSE_Sign1 and our own key lists are arrays too. Read as a set of no keys, they would make every voucher one of
    // an unknown key, and nobody would hear that it is the wrong file that was pinned.
    if (keys.length === 0 && !elements.every(isCoseKey)) malformed("keys");
    return refuseTwins(keys.map(readCoseKey));
  } catch (error) {
    if (Refusal.is(error, "malformed")) malformed("keys");
    throw error;
  }
}

const COSE_KEY_HEAD = /* @__PURE__ */ Uint8Array.of(0xa5, 0x01, 0x01, 0x02, 0x44);
const COSE_KEY_MIDDLE = /* @__PURE__ */ Uint8Array.of(0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20);
const MAX_KEY_SET_LENGTH = 65_536;

/** A map with a kty (label 1), which is a number or a text (RFC 9052 section 7). */
function isCoseKey(element: unknown): element is ReadonlyMap<unknown, unknown> {
  return element instanceof Map && ["number", "string"].includes(typeof element.get(1));
}

function readJwk(jwk: Record<string, unknown>): Uint8Array {
  if ("d" in jwk) malformed("keys");
  const publicKey = fromBase64Url(jwk["x"]);
  const kid = toHex(keyId(publicKey));
  if (jwk["kid"] !== kid) malformed("keys");
  return publicKey;
}

function readCoseKey(key: ReadonlyMap<unknown, unknown>): Uint8Array {
  if (key.has(-4)) malformed("keys");
  const publicKey = readBytes(key.get(-2), 32);
  const kid = toHex(keyId(publicKey));
  if (toHex(readBytes(key.get(2), 4)) !== kid) malformed("keys");
  return publicKey;
}

// Two keys under one kid: which of them signed would depend on the reader.
function refuseTwins(publicKeys: readonly Uint8Array[]): readonly Uint8Array[] {
  const kids = new Set(publicKeys.map((publicKey) => toHex(keyId(publicKey))));
  if (kids.size !== publicKeys.length) malformed("keys");
  return publicKeys;
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

// 43 characters carry 258 bits: the last one has two that must be 0, so that one key has one spelling.
const BASE64URL_OF_32_BYTES = /^[\w-]{42}[AEIMQUYcgkosw048]$/;

function fromBase64Url(text: unknown): Uint8Array {
  if (typeof text !== "string" || !BASE64URL_OF_32_BYTES.test(text)) malformed("keys");
  return ascii(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

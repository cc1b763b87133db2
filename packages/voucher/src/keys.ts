import { concat, toHex } from "./bytes.ts";
import { decodeCbor } from "./cbor.ts";
import { encodeCbor } from "./cbor-write.ts";
import { readBytes, readItems, readList, readString, readUint } from "./items.ts";
import { malformed } from "./refusal.ts";
import { sha256 } from "./sha256.ts";
import { KID_LENGTH } from "./sign1.ts";

/** Each key has one use. The root, offline, is in no list but its own: it signs key lists and nothing else. */
export type KeyUse = "vouchers" | "documents";

/** A key of a key list. `from` and `to` bound verification: seconds since 1970, from included, to excluded. */
export interface ListedKey {
  readonly use: KeyUse;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** An issuer's keys, as the root signs them (docs/format.md section 5). Times are seconds since 1970. */
export interface KeyList {
  readonly issuer: string;
  /** Grows with every list; a reader goes back to no lower one. */
  readonly version: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Seconds past `expiresAt` for which the list still serves, with a note. */
  readonly grace: number;
  /** Those whose use is known here, at most 64. */
  readonly keys: readonly ListedKey[];
  /**
   * What a reader pins from this list on, 32 bytes each, beside the root that signed it and in place of all others: at
   * most four. Not checked as keys here.
   */
  readonly roots: readonly Uint8Array[];
}

/** A list with more keys is refused before they are looked at: each costs a scalar multiplication. */
const MAX_KEYS = 64;
/** A list with more roots is refused: the one that serves, the next one, and two to spare. */
export const MAX_ROOTS = 4;

/** An issuer's or a route's name: 1 to 64 printable ASCII characters, no space at either end. */
export const NAME: RegExp = /^[!-~]([ -~]{0,62}[!-~])?$/;

/**
 * The kid: first 4 bytes of the COSE Key Thumbprint with SHA-256 (RFC 9679), SHA-256({1: 1, -1: 6, -2: public key}). It
 * names a key and proves nothing: with some computing anybody finds another key with the same 4 bytes.
 * @param publicKey 32 bytes
 */
export function keyId(publicKey: Uint8Array): Uint8Array {
  return sha256(concat(THUMBPRINT_HEAD, publicKey)).subarray(0, KID_LENGTH);
}

/**
 * What people compare before they pin a key: the whole thumbprint, 64 hex digits. Not shared with keyId, to keep this
 * out of every verifier's bundle.
 */
export function fingerprint(publicKey: Uint8Array): string {
  return toHex(sha256(concat(THUMBPRINT_HEAD, publicKey)));
}

/**
 * A key list to the payload that the root signs. It does not check what {@link readKeyList} checks: the signer reads
 * back what it is about to sign.
 * @throws {RangeError} a number that the format cannot carry
 */
export function writeKeyList(list: KeyList): Uint8Array {
  const keys = list.keys.map(({ use, publicKey, from, to }) => [USES.indexOf(use), publicKey, from, to]);
  return encodeCbor([list.issuer, list.version, list.issuedAt, list.expiresAt, list.grace, keys, list.roots]);
}

/**
 * The payload of a key list, after its signature was checked, to the list.
 * @throws {Refusal} `malformed`, step `payload`: another shape or encoding, no key or too many, too many roots, a key
 * twice, times in disorder
 */
export function readKeyList(payload: Uint8Array): KeyList {
  const [issuer, version, iat, exp, grace, keys, roots] = readItems(decodeCbor(payload, "document"), 7);
  const list = {
    issuer: readString(issuer, NAME),
    version: readUint(version),
    issuedAt: readUint(iat),
    expiresAt: readUint(exp),
    grace: readUint(grace),
    keys: readList(keys, MAX_KEYS).flatMap(readListedKey),
    roots: readList(roots, MAX_ROOTS).map((root) => readBytes(root, 32)),
  };
  if (readList(keys).length === 0) malformed("payload");
  // One kid for two keys, or one key for two uses: which of them holds would depend on the reader.
  const kids = new Set(list.keys.map(({ publicKey }) => keyId(publicKey).join()));
  if (kids.size !== list.keys.length) malformed("payload");
  if (list.expiresAt <= list.issuedAt) malformed("payload");
  return list;
}

const THUMBPRINT_HEAD = Uint8Array.of(0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20);
const USES = [undefined, "vouchers", "documents"] as const;

/**
 * None, if its use is not known here. The next use, or a key type of another length, must not stop every reader that is
 * in the field; of such a key nothing is believed but its shape.
 */
function readListedKey(value: unknown): readonly ListedKey[] {
  const [use, publicKey, from, to] = readItems(value, 4);
  const key = {
    use: USES[readUint(use)],
    publicKey: readBytes(publicKey, 1, "many"),
    from: readUint(from),
    to: readUint(to),
  };
  if (key.use === undefined) return [];
  if (key.publicKey.length !== 32 || key.to <= key.from) malformed("payload");
  return [{ ...key, use: key.use }];
}

import { concat, equalBytes, malformed } from "@doorproof/voucher/codec";
import { Point } from "@noble/ed25519";
import { _SHA512 } from "@noble/hashes/sha2.js";

/** Is this signature (64 bytes) over this message by the key that was imported? Never throws. */
export type VerifySignature = (message: Uint8Array, signature: Uint8Array) => boolean;

/**
 * Imports a public key for the platform at hand: this is the one for browsers, `ed25519.node.ts` the one for Node.
 *
 * The only file that touches the curve. It computes the equation of docs/format.md section 1 step 4 as it stands there,
 * on noble's points, and does not call noble's `verify`: that one checks the cofactored equation even with `zip215:
 * false`, and differs from OpenSSL, Go and Python on 15 of the 28 public edge cases whose key may be imported. One
 * verdict everywhere is what a driver and a court need.
 *
 * @param publicKey 32 bytes
 * @throws {Refusal} `malformed`, step `keys`, by {@link checkPublicKey}
 */
export function importPublicKey(publicKey: Uint8Array): VerifySignature {
  const a = checkPublicKey(publicKey);
  return (message, signature) => {
    if (signature.length !== 64 || hasIdentity(signature)) return false;
    const r = signature.subarray(0, 32);
    const s = littleEndian(signature.subarray(32));
    if (s >= ORDER) return false;
    const k = littleEndian(new _SHA512().update(concat(r, publicKey, message)).digest()) % ORDER;
    // R is compared as bytes and never decoded: a second encoding of the same point is another signature.
    return equalBytes(Point.BASE.multiply(s, false).subtract(a.multiply(k, false)).toBytes(), r);
  };
}

/**
 * The key import rule: canonical, not of small order, torsion-free. With the identity as public key anyone can sign
 * anything, for Node and WebCrypto too, so the rule stands on every platform. Costs a scalar multiplication, once per
 * key.
 *
 * @throws {Refusal} `malformed`, step `keys`
 */
export function checkPublicKey(publicKey: Uint8Array): Point {
  const point = decodePoint(publicKey) ?? malformed("keys");
  if (point.isSmallOrder() || !point.isTorsionFree()) malformed("keys");
  return point;
}

/** R = identity: Node 24 refuses it; Node 22, Python and Go accept it, so it has to be said. */
export function hasIdentity(signature: Uint8Array): boolean {
  return signature[0] === 1 && signature.subarray(1, 32).every((byte) => byte === 0);
}

const ORDER = Point.CURVE().n;

function decodePoint(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    return undefined;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
}

// What signing, verifying and sizes are measured on: one voucher with its keys, and the same claims as other libraries
// carry them.

import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { Headers, ProtectedHeaders, Sign1, UnprotectedHeaders } from "@auth0/cose";
import { type SigningKey, signVoucher } from "@doorproof/signer";
import { keyId, writePayload } from "@doorproof/voucher/codec";
import { SignJWT } from "jose";

export const { privateKey, publicKey } = generateKeyPairSync("ed25519");
export const rawPublicKey = raw(publicKey);
export const now = Math.floor(Date.now() / 1000);
export const until = now + 30 * 86_400;
export const claims = {
  deliveryId: "RR123456785DE",
  expiresAt: now + 86_400,
  cti: new Uint8Array(randomBytes(8)),
  phoneHash: 1234,
};

export const key = signingKey("vouchers", { privateKey, publicKey });
export const text = await signVoucher(claims, { key, until, now });

// The peers get keys in the form that was fastest for them here: CryptoKeys, imported once.
const peerPrivateKey = await crypto.subtle.importKey(
  "pkcs8",
  privateKey.export({ format: "der", type: "pkcs8" }),
  "Ed25519",
  true,
  ["sign"],
);
export const peerPublicKey = await crypto.subtle.importKey("raw", rawPublicKey, "Ed25519", true, ["verify"]);

export function signJwt(): Promise<string> {
  return new SignJWT({ phone: claims.phoneHash, jti: "0102030405060708" })
    .setProtectedHeader({ alg: "EdDSA", kid: "0a0b0c0d" })
    .setSubject(claims.deliveryId)
    .setExpirationTime(claims.expiresAt)
    .sign(peerPrivateKey);
}

export async function signCose(): Promise<Uint8Array> {
  const headers = [new ProtectedHeaders([[Headers.Algorithm, -8]]), new UnprotectedHeaders([])] as const;
  return (await Sign1.sign(...headers, writePayload(claims), peerPrivateKey)).encode();
}

/** A key behind the signer's port; the private half stays with node:crypto. */
export function signingKey(use: SigningKey["use"], pair = generateKeyPairSync("ed25519")): SigningKey {
  const bytes = raw(pair.publicKey);
  const signed = async (message: Uint8Array) => new Uint8Array(sign(null, message, pair.privateKey));
  return { use, kid: keyId(bytes), publicKey: bytes, sign: signed };
}

function raw(key: { export(options: { format: "der"; type: "spki" }): Buffer }): Uint8Array<ArrayBuffer> {
  return new Uint8Array(key.export({ format: "der", type: "spki" }).subarray(12));
}

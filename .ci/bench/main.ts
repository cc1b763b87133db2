// Every figure that the README quotes, side by side with peers in one run. Ratios are what to read: a machine's speed drifts, a ratio does not.

import { generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { Headers, ProtectedHeaders, Sign1, UnprotectedHeaders } from "@auth0/cose";
import { type SigningKey, signVoucher } from "@doorproof/signer";
import { readJwksKeys, verifyVoucher } from "@doorproof/verifier";
import {
  bytesToSign,
  encodeBase45,
  keyId,
  readPayload,
  readText,
  splitVoucher,
  writeJwks,
  writePayload,
} from "@doorproof/voucher";
import { jwtVerify, SignJWT } from "jose";
import otp from "otp-without-db";
import { printDriver } from "./driver.ts";
import { print, race } from "./rounds.ts";
import { printSizes } from "./sizes.ts";

const ROUNDS = { rounds: 41, perRound: 100 };

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const rawPublicKey = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(12));
const now = Math.floor(Date.now() / 1000);
const until = now + 30 * 86_400;
const claims = {
  deliveryId: "RR123456785DE",
  expiresAt: now + 86_400,
  cti: new Uint8Array(randomBytes(8)),
  phoneHash: 1234,
};

const key: SigningKey = {
  use: "vouchers",
  kid: keyId(rawPublicKey),
  publicKey: rawPublicKey,
  sign: async (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
};
const text = await signVoucher(claims, { key, until, now });
const { kid, payload, signature } = splitVoucher(readText(text));
const message = bytesToSign("voucher", kid, payload);
const keys = readJwksKeys(writeJwks("bench", [rawPublicKey]), { issuer: "bench" });
const question = { keys, now, delivery: claims.deliveryId };

// The peers get keys in the form that was fastest for them here: CryptoKeys, imported once.
const peerPrivateKey = await crypto.subtle.importKey(
  "pkcs8",
  privateKey.export({ format: "der", type: "pkcs8" }),
  "Ed25519",
  false,
  ["sign"],
);
const peerPublicKey = await crypto.subtle.importKey("raw", rawPublicKey, "Ed25519", false, ["verify"]);

const jwt = () =>
  new SignJWT({ phone: claims.phoneHash, jti: "0102030405060708" })
    .setProtectedHeader({ alg: "EdDSA", kid: "0a0b0c0d" })
    .setSubject(claims.deliveryId)
    .setExpirationTime(claims.expiresAt)
    .sign(peerPrivateKey);
const token = await jwt();

const coseHeaders = () => [new ProtectedHeaders([[Headers.Algorithm, -8]]), new UnprotectedHeaders([])] as const;
const cosePayload = writePayload(claims);
const cose = async () => (await Sign1.sign(...coseHeaders(), cosePayload, peerPrivateKey)).encode();
const sign1 = await cose();
const coseVerify = async () => {
  const decoded = Sign1.decode(sign1);
  await decoded.verify(peerPublicKey);
  const { deliveryId, expiresAt } = readPayload(decoded.payload);
  if (deliveryId !== claims.deliveryId || now >= expiresAt) throw new Error("not valid");
};

const phone = "+447700900123";
const otpSecret = randomBytes(32).toString("hex");
const otpHash = otp.createNewOTP(phone, "123456", otpSecret);

print(
  "Signing one voucher, its text included",
  await race(
    [
      { name: "bare node:crypto sign", run: () => sign(null, message, privateKey) },
      {
        name: "Doorproof signVoucher, self-check off (bulk policy)",
        run: () => signVoucher(claims, { key, until, now, selfCheck: false }),
      },
      { name: "jose SignJWT, EdDSA", run: jwt },
      { name: "@auth0/cose Sign1, EdDSA", run: cose },
      {
        name: "otp-without-db createNewOTP (HMAC: whoever checks can forge)",
        run: () => otp.createNewOTP(phone, "123456", otpSecret),
      },
    ],
    ROUNDS,
  ),
);

print(
  "Signing with the self-check, as by default",
  await race(
    [
      {
        name: "bare node:crypto sign and verify",
        run: () => verify(null, message, publicKey, sign(null, message, privateKey)),
      },
      { name: "Doorproof signVoucher", run: () => signVoucher(claims, { key, until, now }) },
    ],
    ROUNDS,
  ),
);

print(
  "Verifying one voucher from its text",
  await race(
    [
      { name: "bare node:crypto verify", run: () => verify(null, message, publicKey, signature) },
      { name: "Doorproof verifyVoucher", run: () => verifyVoucher(text, question) },
      {
        name: "jose jwtVerify, EdDSA",
        run: () => jwtVerify(token, peerPublicKey, { algorithms: ["EdDSA"], subject: claims.deliveryId }),
      },
      { name: "@auth0/cose Sign1.decode and verify, our claims, EdDSA", run: coseVerify },
      {
        name: "otp-without-db verifyOTP (HMAC: whoever checks can forge)",
        run: () => otp.verifyOTP(phone, "123456", otpHash, otpSecret),
      },
    ],
    ROUNDS,
  ),
);

const uuid = { ...claims, deliveryId: "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0" };
await printSizes([
  { name: "Doorproof voucher, delivery ID of 13 characters", text },
  { name: "Doorproof voucher, UUID", text: await signVoucher(uuid, { key, until, now }) },
  { name: "the same claims as a JWT", text: token },
  { name: "the same claims as a COSE_Sign1, base45", text: encodeBase45(sign1) },
]);

await printDriver();

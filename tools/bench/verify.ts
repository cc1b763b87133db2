import { randomBytes, verify } from "node:crypto";
import { Sign1 } from "@auth0/cose";
import { readJwksKeys, verifyVoucher } from "@doorproof/verifier";
import { readText, writeJwks } from "@doorproof/voucher";
import { bytesToSign, readPayload, splitVoucher } from "@doorproof/voucher/codec";
import { jwtVerify } from "jose";
import otp from "otp-without-db";
import { claims, now, peerPublicKey, publicKey, rawPublicKey, signCose, signJwt, text } from "./given.ts";
import { printRace } from "./rounds.ts";

/** One voucher from its text to its claims, keys at hand, on Node's engine. */
export async function printVerifying(): Promise<void> {
  const { kid, payload, signature } = splitVoucher(readText(text));
  const message = bytesToSign("voucher", kid, payload);
  const keys = readJwksKeys(writeJwks("bench", [rawPublicKey]), { issuer: "bench" });
  const question = { keys, now, delivery: claims.deliveryId };
  const token = await signJwt();
  const sign1 = await signCose();
  const [phone, otpSecret] = ["+447700900123", randomBytes(32).toString("hex")];
  const otpHash = otp.createNewOTP(phone, "123456", otpSecret);

  await printRace("Verifying a voucher from its text", [
    { name: "bare node:crypto verify", run: () => verify(null, message, publicKey, signature) },
    { name: "Doorproof, all six steps", run: () => verifyVoucher(text, question) },
    {
      name: "jose jwtVerify, EdDSA",
      run: () => jwtVerify(token, peerPublicKey, { algorithms: ["EdDSA"], subject: claims.deliveryId }),
    },
    { name: "@auth0/cose Sign1 and our payload, EdDSA", run: () => verifyCose(sign1) },
    {
      name: "otp-without-db, HMAC (whoever checks can forge)",
      run: () => otp.verifyOTP(phone, "123456", otpHash, otpSecret),
    },
  ]);
}

async function verifyCose(sign1: Uint8Array): Promise<void> {
  const decoded = Sign1.decode(sign1);
  await decoded.verify(peerPublicKey);
  const { deliveryId, expiresAt } = readPayload(decoded.payload);
  if (deliveryId !== claims.deliveryId || now >= expiresAt) throw new Error("not valid");
}

import { randomBytes, sign, verify } from "node:crypto";
import { signVoucher } from "@doorproof/signer";
import { readText } from "@doorproof/voucher";
import { bytesToSign, splitVoucher } from "@doorproof/voucher/codec";
import otp from "otp-without-db";
import { claims, key, now, privateKey, publicKey, signCose, signJwt, text, until } from "./given.ts";
import { printRace } from "./rounds.ts";

/** The issuer's work for one voucher, from claims to text. */
export async function printSigning(): Promise<void> {
  const { kid, payload } = splitVoucher(readText(text));
  const message = bytesToSign("voucher", kid, payload);
  const otpSecret = randomBytes(32).toString("hex");

  await printRace("Signing a voucher, its text included", [
    { name: "bare node:crypto sign", run: () => sign(null, message, privateKey) },
    {
      name: "Doorproof, signatures not verified (bulk policy)",
      run: () => signVoucher(claims, { key, until, now, selfCheck: false }),
    },
    { name: "jose SignJWT, EdDSA", run: signJwt },
    { name: "@auth0/cose Sign1, EdDSA", run: signCose },
    {
      name: "otp-without-db, HMAC (whoever checks can forge)",
      run: () => otp.createNewOTP("+447700900123", "123456", otpSecret),
    },
  ]);
  await printRace("Signing a voucher and verifying the signature before it leaves, as by default", [
    {
      name: "bare node:crypto sign and verify",
      run: () => verify(null, message, publicKey, sign(null, message, privateKey)),
    },
    { name: "Doorproof", run: () => signVoucher(claims, { key, until, now }) },
  ]);
}

import { createPublicKey } from "node:crypto";
import { Headers, Sign1 } from "@auth0/cose";
import { expect, test } from "vitest";
import { toHex } from "../src/codec.ts";
import { expandVoucher, readText } from "../src/index.ts";
import { fromHex, readVectors } from "./vector-files.ts";

// A library off the shelf takes what `expandVoucher` gives for what it is: a plain COSE_Sign1.

const { given, valid } = readVectors();
const publicKeys = new Map(Object.values(given.testKeys).map(({ kid, publicKey }) => [kid, fromHex(publicKey)]));

test.each(valid)("$name", async ({ text, stages }) => {
  const x = Buffer.from(publicKeys.get(stages.kid) ?? []).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const sign1 = Sign1.decode(expandVoucher(readText(text)));
  await sign1.verify(key);
  expect(toHex(sign1.payload)).toBe(stages.payload);
  expect(toHex(sign1.protectedHeaders.get(Headers.KeyID) as Uint8Array)).toBe(stages.kid);
  expect(sign1.protectedHeaders.get(16 as Headers)).toBe("application/vnd.doorproof.voucher+cbor");

  const forged = expandVoucher(readText(text));
  const last = forged.length - 70;
  forged[last] = (forged[last] ?? 0) ^ 1;
  await expect(Sign1.decode(forged).verify(key)).rejects.toThrow();
});

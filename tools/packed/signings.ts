import { Buffer } from "node:buffer";
import { createPrivateKey, sign } from "node:crypto";
import { deriveShortCode, type SigningKey, sealVoucher, signVoucher } from "@doorproof/signer";
import { toHex } from "@doorproof/voucher/codec";
import { hexToBytes } from "@noble/hashes/utils.js";
import type { Answers } from "../../packages/verifier/test/answers.ts";
import type { VectorFiles } from "../../packages/voucher/test/vector-files.ts";
import type { SealCase, ValidCase } from "../../packages/voucher/vectors/schema.ts";

/**
 * Signs, derives and seals the vectors again: Ed25519 and the seals are deterministic, so the bytes must be the very
 * same.
 */
export async function signAll({ given, valid, shortCodes, seals }: VectorFiles): Promise<Answers> {
  const keys = new Map(Object.values(given.testKeys).map((key) => [key.kid, testKey(key)]));
  const signed = valid.map(async ({ name, stages: { claims, kid } }) => {
    const key = keys.get(kid);
    if (!key) throw new Error(`the vectors hold no key ${kid}`);
    const { expiresAt } = claims;
    const policy = { key, until: expiresAt, now: expiresAt - 1 };
    return [name, await signVoucher({ ...claims, cti: hexToBytes(claims.cti) }, policy)] as const;
  });
  const sealed = opening(seals).map(async ({ name, typed, logN, text, stop: { deliveryId, salt } }) => {
    const seal = await sealVoucher(text, { deliveryId, shortCode: typed, salt: hexToBytes(salt), logN });
    return [name, toHex(seal.sealed)] as const;
  });
  const derived = shortCodes.derived.map(({ secret, kid, cti }) => {
    return [
      `${kid} ${cti}`,
      deriveShortCode(hexToBytes(secret), { kid: hexToBytes(kid), cti: hexToBytes(cti) }),
    ] as const;
  });
  return {
    signed: Object.fromEntries(await Promise.all(signed)),
    sealed: Object.fromEntries(await Promise.all(sealed)),
    derived: Object.fromEntries(derived),
  };
}

/** What {@link signAll} is to answer. */
export function expectedSignings({ valid, shortCodes, seals }: VectorFiles): Answers {
  return {
    signed: Object.fromEntries(valid.map(({ name, text }: ValidCase) => [name, text])),
    sealed: Object.fromEntries(opening(seals).map(({ name, stop }) => [name, stop.sealed])),
    derived: Object.fromEntries(shortCodes.derived.map(({ kid, cti, code }) => [`${kid} ${cti}`, code])),
  };
}

function opening(seals: readonly SealCase[]): readonly (SealCase & { text: string })[] {
  return seals.flatMap((seal) => ("text" in seal.expect ? [{ ...seal, text: seal.expect.text }] : []));
}

/** A published test key behind the port: key files of test keys are not opened. */
function testKey({ seed, publicKey, kid }: { seed: string; publicKey: string; kid: string }): SigningKey {
  const der = hexToBytes(`302e020100300506032b657004220420${seed}`);
  const privateKey = createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
  return {
    use: "vouchers",
    kid: hexToBytes(kid),
    publicKey: hexToBytes(publicKey),
    sign: async (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}

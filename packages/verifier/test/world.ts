import { createPrivateKey, sign } from "node:crypto";
import type { SigningKey } from "@doorproof/signer";
import { fromHex, readVectors } from "../../voucher/test/vector-files.ts";
import type { KeySet, TrustedKey } from "../src/index.ts";

// A small world of real parts: the keys of the vectors, and a key set that counts its signature checks.

export const vectors = readVectors();
export const NOW = 1_800_000_000;
export const DAY = 86_400;

/** A key of the vectors behind the port that signers use. */
export function vectorKey(name: string, use: SigningKey["use"]): SigningKey {
  const { seed, publicKey, kid } = vectors.given.testKeys[name] ?? { seed: "", publicKey: "", kid: "" };
  const pkcs8 = Buffer.from(`302e020100300506032b657004220420${seed}`, "hex");
  const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  return {
    use,
    kid: fromHex(kid),
    publicKey: fromHex(publicKey),
    sign: async (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}

/**
 * A set that takes every kid and counts how often a signature is looked at; `says` is its answer, or `null` for the
 * right one.
 */
export function countingKeys(keys: KeySet, says: boolean | null): { keys: KeySet; checks: () => number } {
  let checks = 0;
  const any = [...keys.keys.values()].find(({ use }) => use === "vouchers") as TrustedKey;
  const counted = (kid: string): TrustedKey => ({
    ...(keys.keys.get(kid) ?? { ...any, kid }),
    verify: (message, signature) => {
      checks++;
      return says ?? keys.keys.get(kid)?.verify(message, signature) ?? false;
    },
  });
  const all = new Map(keys.keys);
  all.get = (kid: string) => counted(kid);
  return { keys: { ...keys, keys: all }, checks: () => checks };
}

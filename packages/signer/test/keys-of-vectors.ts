import { createPrivateKey, sign } from "node:crypto";
import { fromHex, readVectors } from "../../voucher/test/vector-files.ts";
import type { SigningKey } from "../src/index.ts";

export const vectors = readVectors();
export const NOW = 1_800_000_000;
export const DAY = 86_400;

/** A published test key behind the port: the tests of signing need no other. */
export function vectorKey(name: string, use: SigningKey["use"]): SigningKey {
  const { seed, publicKey, kid } = vectors.given.testKeys[name] ?? { seed: "", publicKey: "", kid: "" };
  const privateKey = createPrivateKey({ key: pkcs8(fromHex(seed)), format: "der", type: "pkcs8" });
  return {
    use,
    kid: fromHex(kid),
    publicKey: fromHex(publicKey),
    sign: async (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}

/** The same key, and how often it was asked to sign. */
export function watched(key: SigningKey): { key: SigningKey; asked: () => number } {
  let asked = 0;
  const sign = (bytes: Uint8Array) => {
    asked++;
    return key.sign(bytes);
  };
  return { key: { ...key, sign }, asked: () => asked };
}

/** RFC 8410 section 7. */
export function pkcs8(seed: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
}

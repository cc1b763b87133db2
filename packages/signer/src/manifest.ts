import { createCipheriv, scrypt } from "node:crypto";
import { type Manifest, readShortCode, readText, type Seal } from "@doorproof/voucher";
import {
  readManifest,
  readPayload,
  SEAL_NONCE,
  sealContext,
  sealSalt,
  splitVoucher,
  writeManifest,
  writeSign1,
} from "@doorproof/voucher/codec";
import { sign } from "./sign.ts";
import type { SigningKey } from "./signing-key.ts";

/**
 * Seals a voucher under its short code (docs/format.md section 4): one KDF run on Node's thread pool. Made once per
 * voucher and copied unchanged into every later manifest.
 *
 * @param text voucher text
 * @param deliveryId the stop's: the seal opens for no other
 * @param shortCode in any spelling: what seals is its ten characters, since a seal under a hyphenated spelling would
 * never open again
 * @param salt 16 random bytes, drawn for this seal: the nonce is constant, so a salt used twice would leak both
 * vouchers
 * @param logN scrypt's cost, 2^logN: the manifest's, 15 to 17
 * @throws {Refusal} `malformed`, `code-mistyped`: the text is no voucher, or the code is none
 * @throws {RangeError} the voucher is another delivery's
 */
export async function sealVoucher(
  text: string,
  { deliveryId, shortCode, salt, logN }: { deliveryId: string; shortCode: string; salt: Uint8Array; logN: number },
): Promise<Seal> {
  const voucher = readText(text);
  if (readPayload(splitVoucher(voucher).payload).deliveryId !== deliveryId)
    throw new RangeError("the voucher is another delivery's");
  const aes = createCipheriv("aes-256-gcm", await deriveKey(readShortCode(shortCode), salt, logN), SEAL_NONCE);
  aes.setAAD(sealContext(deliveryId, logN));
  const sealed = Uint8Array.of(...aes.update(voucher), ...aes.final(), ...aes.getAuthTag());
  return { salt, sealed };
}

/**
 * Signs a route's manifest, with the seals that are in it.
 * @returns the document, as a device fetches it
 * @throws {Refusal} `malformed`: what every device would refuse (too many stops, one twice, a cost out of bounds) is
 * not signed
 * @throws {Error} a key of another use, or a faulty one
 */
export async function signManifest(manifest: Manifest, { key }: { key: SigningKey }): Promise<Uint8Array> {
  const payload = writeManifest(manifest);
  readManifest(payload);
  return writeSign1("manifest", await sign("manifest", payload, { key }));
}

function deriveKey(password: string, salt: Uint8Array, logN: number): Promise<Uint8Array> {
  const N = 2 ** logN;
  return new Promise((resolve, reject) => {
    // Node's default limit of 32 MiB refuses N = 2^15 with r = 8, which takes a little more.
    const cost = { N, r: 8, p: 1, maxmem: 2048 * N };
    scrypt(password, sealSalt(salt), 32, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

import { createPrivateKey, createPublicKey, generateKeyPairSync, type PrivateKeyHandle, sign } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyUse } from "@doorproof/voucher";
import { keyId } from "@doorproof/voucher/codec";
import { isTestKey } from "./test-keys.ts";

/**
 * A private key that signs and is never seen: a file here, a KMS, an HSM or Vault behind the same port. Each key has
 * one use, and no function takes the public key beside the private one (signing under a foreign public key gives the
 * private key away).
 */
export interface SigningKey {
  /** The root signs key lists and nothing else. */
  readonly use: KeyUse | "root";
  /** 4 bytes. */
  readonly kid: Uint8Array;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Pure Ed25519 (not Ed25519ph) over the bytes as they are; 64 bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/**
 * Makes a key and writes it to `folder/USE-KID.pem` (the root: `root.pem`) as PKCS#8, mode 0600; never over an existing
 * file.
 * @param taken kids that exist already, 8 hex digits: drawn again until the kid is new
 * @param passphrase encrypts the file, by AES-256-CBC
 * @throws {Error} of Node's file system: the folder does not exist, or the file does already
 */
export function createKeyFile(
  folder: string,
  { use, taken, passphrase }: { use: SigningKey["use"]; taken: ReadonlySet<string>; passphrase?: string },
): SigningKey {
  for (;;) {
    const { privateKey } = generateKeyPairSync("ed25519");
    const key = signingKey(privateKey, use);
    if (taken.has(hex(key.kid))) continue;
    const encrypted = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
    const pem = privateKey.export({ format: "pem", type: "pkcs8", ...encrypted });
    writeFileSync(join(folder, keyFileName(key)), pem, { mode: 0o600, flag: "wx" });
    return key;
  }
}

/**
 * `voucher-KID.pem`, `document-KID.pem` or `root.pem`: the name says what the key may sign, since PKCS#8 has no field
 * for it.
 */
export function keyFileName({ use, kid }: Pick<SigningKey, "use" | "kid">): string {
  return use === "root" ? "root.pem" : `${use === "vouchers" ? "voucher" : "document"}-${hex(kid)}.pem`;
}

/**
 * Opens a key file, PKCS#8 in PEM as {@link createKeyFile} or openssl wrote it.
 * @param use what it may sign
 * @throws {Error} readable by others, another algorithm, a wrong passphrase, or one of the published test keys
 */
export function openKeyFile(
  path: string,
  { use, passphrase }: { use: SigningKey["use"]; passphrase?: string },
): SigningKey {
  if (statSync(path).mode & 0o077)
    throw new Error(`${path} can be read by others: chmod 600 it, and think of whoever may have read it`);
  const pem = readFileSync(path, "utf8");
  const privateKey = createPrivateKey({ key: pem, format: "pem", ...(passphrase === undefined ? {} : { passphrase }) });
  if (privateKey.asymmetricKeyType !== "ed25519") throw new Error(`${path} is not an Ed25519 key`);
  const key = signingKey(privateKey, use);
  if (isTestKey(key.publicKey)) throw new Error(`${path} is a published test key: everybody can sign with it`);
  return key;
}

/** A public key, 32 bytes, as SubjectPublicKeyInfo (RFC 8410) in PEM, so that people can look at it with openssl. */
export function publicKeyPem(publicKey: Uint8Array): string {
  const spki = Uint8Array.of(...SPKI_HEAD, ...publicKey);
  return createPublicKey({ key: spki, format: "der", type: "spki" }).export({ format: "pem", type: "spki" });
}

/** SubjectPublicKeyInfo of Ed25519 (RFC 8410 section 4), up to the 32 key bytes. */
export const SPKI_HEAD: readonly number[] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

function signingKey(privateKey: PrivateKeyHandle, use: SigningKey["use"]): SigningKey {
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const publicKey = new Uint8Array(spki.subarray(SPKI_HEAD.length));
  return {
    use,
    publicKey,
    kid: keyId(publicKey),
    sign: async (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

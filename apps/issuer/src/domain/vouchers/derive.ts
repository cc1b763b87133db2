import { createHmac } from "node:crypto";
import { deriveShortCode, signVoucher } from "@doorproof/signer";
import { fromHex } from "@doorproof/voucher/codec";
import { hashToken } from "../encryption.ts";
import type { Keyring, Secrets, Surroundings } from "../ports.ts";
import type { VoucherRow } from "./rows.ts";

// Only a voucher's claims are stored. Text, code and link are made again from them with keys and secrets, so that a
// stolen database opens no door.

/**
 * The voucher's text: Ed25519 is deterministic, so it is the same text each time.
 * @returns null once its key is gone
 */
export async function deriveText(keyring: Keyring, row: VoucherRow): Promise<string | null> {
  const signer = keyring.signedBy(row.kid);
  if (!signer) return null;
  const { deliveryId, expiresAt, phoneHash, issuedAt } = row;
  const claims = { deliveryId, expiresAt, phoneHash, cti: bytes(row.cti) };
  // The policy was applied when it was issued; a stricter one since then must not make it disappear.
  return signVoucher(claims, { ...signer, now: issuedAt, maxLife: Number.POSITIVE_INFINITY });
}

/** Ten characters, no hyphen; null once the secret it was made with is gone. */
export function deriveCode(secrets: Secrets, { kid, cti, codeSecretId }: VoucherRow): string | null {
  const secret = secrets.codes.find((candidate) => secretId(candidate) === codeSecretId);
  return secret ? deriveShortCode(secret, { kid: bytes(kid), cti: bytes(cti) }) : null;
}

/** The customer's link; null once the secret it was made with is gone: the customer's own goes on opening the page. */
export function deriveLink(
  { secrets, policy }: Pick<Surroundings, "secrets" | "policy">,
  row: VoucherRow,
): string | null {
  const token = secrets.links.map((secret) => deriveToken(secret, row)).find((one) => hashToken(one) === row.linkHash);
  return token === undefined ? null : `${policy.publicUrl}/v/${token}`;
}

/** Of the link that a new voucher has: by the newest secret. */
export function hashLink({ links: [newest] }: Secrets, row: Pick<VoucherRow, "kid" | "cti">): string {
  if (!newest) throw new Error("there is no link secret");
  return hashToken(deriveToken(newest, row));
}

// HMAC(LINK_SECRET, kid || cti), cut to 128 bits; base64url.
function deriveToken(secret: Uint8Array, { kid, cti }: Pick<VoucherRow, "kid" | "cti">): string {
  return createHmac("sha256", secret)
    .update(bytes(kid))
    .update(bytes(cti))
    .digest()
    .subarray(0, 16)
    .toString("base64url");
}

/** 32 bits that tell one code secret from another, and nothing about either. */
export function secretId(secret: Uint8Array): string {
  return createHmac("sha256", secret).update("doorproof-code-secret-id-v1").digest("hex").slice(0, 8);
}

function bytes(hex: string): Uint8Array {
  return fromHex(hex);
}

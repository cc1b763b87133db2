import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";
import type { Surroundings } from "./ports.ts";

type WithSecrets = Pick<Surroundings, "secrets">;

/**
 * Encrypts what is about a person (phone, name, label) for the database: AES-256-GCM under DATA_SECRET with a random
 * nonce.
 * @param row what the text belongs to: a number moved to another row does not open
 * @returns base64url of nonce, ciphertext and tag
 */
export function encrypt(
  { secrets, random }: WithSecrets & Pick<Surroundings, "random">,
  row: string,
  text: string,
): string {
  const nonce = random(NONCE_LENGTH);
  const cipher = createCipheriv("aes-256-gcm", derive(secrets.data, "seal"), nonce).setAAD(Buffer.from(row));
  return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64url");
}

/** @throws {Error} altered, moved from another row, or encrypted under another DATA_SECRET */
export function decrypt({ secrets }: WithSecrets, row: string, encrypted: string): string {
  const bytes = Buffer.from(encrypted, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", derive(secrets.data, "seal"), bytes.subarray(0, NONCE_LENGTH), {
    authTagLength: TAG_LENGTH,
  });
  decipher.setAAD(Buffer.from(row)).setAuthTag(bytes.subarray(-TAG_LENGTH));
  return decipher.update(bytes.subarray(NONCE_LENGTH, -TAG_LENGTH), undefined, "utf8") + decipher.final("utf8");
}

/** For comparing what must not be stored. A plain hash would give it away: all phone numbers can be tried. */
export function mac(
  { secrets }: WithSecrets,
  use: "order" | "idempotency" | "manifest" | "outbox",
  values: readonly string[],
): string {
  return createHmac("sha256", derive(secrets.data, use)).update(JSON.stringify(values)).digest("base64url");
}

/** Only for tokens of 128 random bits or more; anything that can be guessed needs a {@link mac}. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** What an encrypted text belongs to. */
export const phoneRow = (deliveryId: string): string => `phone of ${deliveryId}`;
export const labelRow = (deliveryId: string): string => `label of ${deliveryId}`;
export const nameRow = ({ reporter, recordId }: { reporter: string; recordId: string }): string =>
  `name of ${reporter} ${recordId}`;
export const noteRow = ({ reporter, entryId }: { reporter: string; entryId: string }): string =>
  `note of ${reporter} ${entryId}`;
export const reasonRow = (kind: string, deliveryId?: string | null, voucherId?: string | null): string =>
  `reason of ${kind} ${deliveryId ?? ""} ${voucherId ?? ""}`;

const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

function derive(secret: Uint8Array, use: string): Buffer {
  return createHmac("sha256", secret).update(`doorproof-data-${use}-v1`).digest();
}

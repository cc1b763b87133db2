import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";
import type { Surroundings } from "./ports.ts";

type WithSecrets = Pick<Surroundings, "secrets">;

/**
 * Encrypts what is about a person (phone, name, label) for the database: AES-256-GCM under the newest DATA_SECRET with a
 * random nonce.
 * @param row what the text belongs to: a number moved to another row does not open
 * @returns base64url of nonce, ciphertext and tag
 */
export function encrypt(
  { secrets, random }: WithSecrets & Pick<Surroundings, "random">,
  row: string,
  text: string,
): string {
  const nonce = random(NONCE_LENGTH);
  const cipher = createCipheriv("aes-256-gcm", derive(newest(secrets.data), "seal"), nonce).setAAD(Buffer.from(row));
  return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64url");
}

/** @throws {Error} altered, moved from another row, or encrypted under a DATA_SECRET that is gone */
export function decrypt(deps: WithSecrets, row: string, encrypted: string): string {
  const found = tryDecrypt(deps, row, encrypted);
  if (!found) throw new Error("an encrypted field cannot be opened: it was altered, or its DATA_SECRET is gone");
  return found.text;
}

/**
 * The same, for whoever asks under which DATA_SECRET it was encrypted.
 * @returns `age` 0: the newest; each older one has one more
 */
export function tryDecrypt(
  { secrets }: WithSecrets,
  row: string,
  encrypted: string,
): { readonly text: string; readonly age: number } | null {
  for (const [age, secret] of secrets.data.entries()) {
    const text = open(secret, row, encrypted);
    if (text !== null) return { text, age };
  }
  return null;
}

function open(secret: Uint8Array, row: string, encrypted: string): string | null {
  const bytes = Buffer.from(encrypted, "base64url");
  const nonce = bytes.subarray(0, NONCE_LENGTH);
  const options = { authTagLength: TAG_LENGTH };
  try {
    const decipher = createDecipheriv("aes-256-gcm", derive(secret, "seal"), nonce, options);
    decipher.setAAD(Buffer.from(row)).setAuthTag(bytes.subarray(-TAG_LENGTH));
    return decipher.update(bytes.subarray(NONCE_LENGTH, -TAG_LENGTH), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return null;
  }
}

/** For comparing what must not be stored. A plain hash would give it away: all phone numbers can be tried. */
export function mac({ secrets }: WithSecrets, use: MacUse, values: readonly string[]): string {
  return macOf(newest(secrets.data), use, values);
}

/** The same under each secret, the newest first: what was stored before the last one came is still recognised. */
export function macs(
  { secrets }: WithSecrets,
  use: MacUse,
  values: readonly string[],
): readonly [string, ...(readonly string[])] {
  const [, ...older] = secrets.data;
  return [macOf(newest(secrets.data), use, values), ...older.map((secret) => macOf(secret, use, values))];
}

type MacUse = "order" | "idempotency" | "manifest" | "outbox";

function macOf(secret: Uint8Array, use: MacUse, values: readonly string[]): string {
  return createHmac("sha256", derive(secret, use)).update(JSON.stringify(values)).digest("base64url");
}

/** Only for tokens of 128 random bits or more; anything that can be guessed needs a {@link mac}. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** What an encrypted text belongs to. */
export const phoneRow = (deliveryId: string): string => `phone of ${deliveryId}`;
export const labelRow = (deliveryId: string): string => `label of ${deliveryId}`;
export const detailsRow = (deliveryId: string): string => `details of ${deliveryId}`;
export const nameRow = ({ reporter, recordId }: { reporter: string; recordId: string }): string =>
  `name of ${reporter} ${recordId}`;
export const noteRow = ({ reporter, entryId }: { reporter: string; entryId: string }): string =>
  `note of ${reporter} ${entryId}`;
/** @param key of the row, not as the client sent it */
export const answerRow = (key: string): string => `answer to ${key}`;
export const reasonRow = (kind: string, deliveryId?: string | null, voucherId?: string | null): string =>
  `reason of ${kind} ${deliveryId ?? ""} ${voucherId ?? ""}`;

const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

function derive(secret: Uint8Array, use: string): Buffer {
  return createHmac("sha256", secret).update(`doorproof-data-${use}-v1`).digest();
}

/** @throws {Error} a bug: readSecrets lets no empty list through */
function newest(secrets: readonly Uint8Array[]): Uint8Array {
  const [first] = secrets;
  if (!first) throw new Error("there is no secret");
  return first;
}

import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import {
  deriveShortCode,
  type SigningKey,
  sealVoucher,
  signKeyList,
  signManifest,
  signRevocations,
  signVoucher,
} from "@doorproof/signer";
import { formatShortCode, hashPhone, type KeyList, type Stop } from "@doorproof/voucher";
import { keyId, toHex } from "@doorproof/voucher/codec";

// A small world of real parts: an issuer's keys, and all that he signs with them. Times are seconds since 1970.

export const NOW = 1_800_000_000;
export const HOUR = 3600;
export const DAY = 86_400;
export const ISSUER = "acme";
export const ROUTE = "van-3";

export function makeKey(use: SigningKey["use"]): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(12));
  return { use, publicKey: raw, kid: keyId(raw), sign: async (bytes) => new Uint8Array(sign(null, bytes, privateKey)) };
}

export const root = makeKey("root");
export const voucherKey = makeKey("vouchers");
export const documentKey = makeKey("documents");
export const nextDocumentKey = makeKey("documents");

export const rootPin = toHex(root.publicKey);
export const window = { from: NOW - DAY, to: NOW + 30 * DAY };
const SECRET = new Uint8Array(32).fill(9);

export function keyListOf(change: Partial<KeyList> = {}): KeyList {
  const keys = [
    { use: "vouchers", publicKey: voucherKey.publicKey, ...window },
    { use: "documents", publicKey: documentKey.publicKey, ...window },
    { use: "documents", publicKey: nextDocumentKey.publicKey, ...window },
  ] as const;
  const times = { issuedAt: NOW, expiresAt: NOW + 6 * HOUR, grace: 18 * HOUR };
  return { issuer: ISSUER, version: 1, ...times, keys, roots: [], ...change };
}

export function keyList(change: Partial<KeyList> = {}, signer: SigningKey = root): Promise<Uint8Array> {
  return signKeyList(keyListOf(change), { root: signer });
}

export function revocations(
  change: Partial<Parameters<typeof signRevocations>[0]> = {},
  key: SigningKey = documentKey,
): Promise<Uint8Array> {
  const list = { issuer: ISSUER, version: 1, issuedAt: NOW, next: NOW + 6 * HOUR, kids: [], ctis: [], ...change };
  return signRevocations(list, { key });
}

type ManifestChange = Partial<Parameters<typeof signManifest>[0]>;

export function manifest(change: ManifestChange = {}, key: SigningKey = documentKey): Promise<Uint8Array> {
  const times = { issuedAt: NOW, expiresAt: NOW + 12 * HOUR };
  const rest = { country: "44", logN: 15, stops: [], revoked: new Uint8Array() };
  return signManifest({ issuer: ISSUER, route: ROUTE, version: 1, ...times, ...rest, ...change }, { key });
}

export interface Issued {
  readonly deliveryId: string;
  readonly text: string;
  readonly code: string;
  readonly cti: Uint8Array;
}

export async function issue(
  deliveryId: string,
  { key = voucherKey, expiresAt = NOW + 2 * DAY }: { key?: SigningKey; expiresAt?: number } = {},
): Promise<Issued> {
  const cti = new Uint8Array(randomBytes(8));
  const claims = { deliveryId, expiresAt, cti, phoneHash: hashPhone("+447700900123") };
  const text = await signVoucher(claims, { key, now: expiresAt - DAY, until: window.to });
  const code = formatShortCode(deriveShortCode(SECRET, { kid: key.kid, cti }));
  return { deliveryId, text, code, cti };
}

/** A stop that its code opens: one KDF run. */
export async function sealedStop({ deliveryId, text, code }: Issued): Promise<Stop> {
  const salt = new Uint8Array(randomBytes(16));
  const seal = await sealVoucher(text, { deliveryId, shortCode: code, salt, logN: 15 });
  return { deliveryId, label: `at ${deliveryId}`, window: null, ...seal };
}

/** A stop for scans alone: nothing opens its seal. */
export function stop(deliveryId: string): Stop {
  const seal = { salt: new Uint8Array(randomBytes(16)), sealed: new Uint8Array(randomBytes(120)) };
  return { deliveryId, label: `at ${deliveryId}`, window: null, ...seal };
}

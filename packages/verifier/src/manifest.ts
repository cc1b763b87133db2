import { type Manifest, Refusal, readShortCode, type Seal, type Stop } from "@doorproof/voucher";
import {
  ascii,
  LOG_N,
  malformed,
  readEarlierManifest,
  readManifest,
  readPayload,
  SEAL_NONCE,
  sealContext,
  sealSalt,
  splitVoucher,
  writeText,
} from "@doorproof/voucher/codec";
import { acceptDocument, documentKeys, openDocument, type Reception, refuseForeign } from "./document.ts";
import type { KeySet } from "./key-set.ts";

/**
 * Opens a route's manifest (docs/format.md section 4).
 * @param document as fetched, at most 512 KiB
 * @param keys of the route's issuer, from a key list: a bare set has no document keys
 * @param route the one this device is enrolled for
 * @param reception `held`: what was accepted before from a document key; `issuerTime`
 * @throws {Refusal} `malformed`, `unknown-key`, `bad-signature`, `foreign-document`, `key-not-valid`,
 * `future-document`, `older-document`
 */
export function openManifest(
  document: Uint8Array,
  given: { readonly keys: KeySet; readonly route: string } & Reception,
): Manifest {
  return open(readManifest, document, given);
}

/**
 * Opens a manifest from before stops said who may take them. For a device's own storage alone, which holds what was
 * accepted then: one that is offered has the shape of format 1, or is refused.
 * @throws {Refusal} as {@link openManifest}
 */
export function openEarlierManifest(document: Uint8Array, given: Parameters<typeof openManifest>[1]): Manifest {
  return open(readEarlierManifest, document, given);
}

function open(
  read: (payload: Uint8Array) => Manifest,
  document: Uint8Array,
  given: Parameters<typeof openManifest>[1],
): Manifest {
  const { key, payload } = openDocument("manifest", document, documentKeys(given.keys));
  const manifest = read(payload);
  refuseForeign(given.route, manifest.route);
  acceptDocument(manifest, key, document, given);
  return manifest;
}

/** scrypt with r = 8 and p = 1 (RFC 7914), 32 bytes out. An argument, because each platform has its own fast one. */
export type Scrypt = (input: { password: Uint8Array; salt: Uint8Array; N: number }) => Promise<Uint8Array>;

/**
 * Opens the voucher of one stop with the code that the customer says. It is the voucher that the QR shows, and has to
 * be verified like one. One KDF run, none for a slip of the finger.
 *
 * @param typed what was typed, in any grouping and case
 * @param stop of an accepted manifest
 * @param logN that manifest's
 * @returns voucher text
 * @throws {RangeError} a logN that no manifest has: the caller's mistake, and no verdict
 * @throws {Refusal} `code-mistyped`, `wrong-code`, `cannot-open` (the KDF found no memory), `malformed`
 */
export async function openShortCode(
  typed: unknown,
  { stop, logN, scrypt }: { stop: Seal & Pick<Stop, "deliveryId">; logN: number; scrypt: Scrypt },
): Promise<string> {
  if (!(logN >= LOG_N.min && logN <= LOG_N.max)) throw new RangeError("logN");
  const password = ascii(readShortCode(typed));
  const key = await deriveKey(scrypt, { password, salt: sealSalt(stop.salt), N: 2 ** logN });
  const voucher = await unseal(stop, key, sealContext(stop.deliveryId, logN));
  // The one payload that is parsed before its signature is checked: its reader knows one shape only, and the seal that
  // it comes out of is covered by the manifest's signature.
  if (readPayload(splitVoucher(voucher).payload).deliveryId !== stop.deliveryId) {
    malformed("payload");
  }
  return writeText(voucher);
}

async function deriveKey(scrypt: Scrypt, input: Parameters<Scrypt>[0]): Promise<Uint8Array> {
  try {
    // Awaited inside the try, so that a promise that rejects is caught like a KDF that throws at once.
    return await scrypt(input);
  } catch {
    throw new Refusal("cannot-open", {});
  }
}

async function unseal({ sealed }: Seal, key: Uint8Array, additionalData: Uint8Array): Promise<Uint8Array> {
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv: SEAL_NONCE, additionalData }, aes, sealed),
    );
  } catch {
    throw new Refusal("wrong-code", {});
  }
}

import type { RevocationList } from "@doorproof/voucher";
import { readRevocationList } from "@doorproof/voucher/codec";
import { acceptDocument, documentKeys, openDocument, type Reception } from "./document.ts";
import type { KeySet } from "./key-set.ts";

/**
 * Reads an issuer's revocation list (docs/format.md section 5). Its age is judged by `verifyVoucher`, since for some
 * hours after it is due a list is still used, with a note.
 * @param document as published, at most 16 MiB
 * @param keys from a key list: a bare set has no document keys
 * @param reception `held`: what was accepted before from a document key; `issuerTime`
 * @throws {Refusal} `malformed`, `unknown-key`, `bad-signature`, `foreign-document`, `key-not-valid`,
 * `future-document`, `older-document`
 */
export function openRevocations(document: Uint8Array, given: { readonly keys: KeySet } & Reception): RevocationList {
  const { key, payload } = openDocument("revocations", document, documentKeys(given.keys));
  const list = readRevocationList(payload);
  acceptDocument(list, key, document, given);
  return list;
}

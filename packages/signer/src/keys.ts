import type { KeyList } from "@doorproof/voucher";
import { readKeyList, writeKeyList, writeSign1 } from "@doorproof/voucher/codec";
import { sign } from "./sign.ts";
import type { SigningKey } from "./signing-key.ts";

/**
 * Signs a key list with the root key.
 * @returns the document, as published
 * @throws {Refusal} `malformed`: what every device would refuse is not signed
 * @throws {Error} not the root key, or a faulty one
 */
export async function signKeyList(list: KeyList, { root }: { root: SigningKey }): Promise<Uint8Array> {
  const payload = writeKeyList(list);
  readKeyList(payload);
  return writeSign1("keys", await sign("keys", payload, { key: root }));
}

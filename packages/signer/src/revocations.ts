import { packEntries, writeRevocationList, writeSign1 } from "@doorproof/voucher";
import { sign } from "./sign.ts";
import type { SigningKey } from "./signing-key.ts";

/** kids of 4 bytes and ctis of 8, in any order; times in seconds since 1970. */
export interface Revocations {
  readonly issuer: string;
  readonly version: number;
  readonly issuedAt: number;
  readonly next: number;
  readonly kids: readonly Uint8Array[];
  readonly ctis: readonly Uint8Array[];
}

/**
 * Signs a revocation list.
 * @returns the document, as published
 * @throws {Error} a key of another use, or a faulty one
 */
export async function signRevocations(revocations: Revocations, { key }: { key: SigningKey }): Promise<Uint8Array> {
  const list = { ...revocations, kids: packEntries(revocations.kids, 4), ctis: packEntries(revocations.ctis, 8) };
  return writeSign1("revocations", await sign("revocations", writeRevocationList(list), { key }));
}

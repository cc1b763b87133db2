import { packEntries, writeRevocationList, writeSign1 } from "@doorproof/voucher/codec";
import { sign } from "./sign.ts";
import type { SigningKey } from "./signing-key.ts";

/** What is to be withdrawn, in any order. Times are seconds since 1970. */
export interface Revocations {
  readonly issuer: string;
  /** Above that of the last list signed by this key. */
  readonly version: number;
  readonly issuedAt: number;
  /** When the next list is due: from then on results carry a note, and past the key list's grace they are refused. */
  readonly next: number;
  /** Voucher keys, 4 bytes each. */
  readonly kids: readonly Uint8Array[];
  /** Vouchers, 8 bytes each. */
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

import { signRevocations } from "@doorproof/signer";
import { readRevocations } from "@doorproof/verifier";
import type { Parts } from "./ports.ts";
import type { VoucherRow } from "./store.ts";

/** Devices should hear of it by then; how long they go on without is the key list's grace. */
const NEXT = 6 * 3600;
/** Signed anew at this age even if nothing was revoked: a list that is asked for is never near its `next`. */
const RENEWED_AFTER = 600;
/** Anyone may ask, so the books are read once in so many seconds and not once a request. */
const BOOKS_READ_EVERY = 2;
const PAGE = 100;

/**
 * The revocation list as it is now (docs/format.md section 5): vouchers revoked or superseded that could still be shown, and the withdrawn keys
 * that the published list names. Its version is the time in seconds, or one more than the last: it goes up over restarts with nothing kept.
 *
 * @param published the list that `keys init` or `keys revoke` left, for its kids
 * @throws {IssueError} `no-signing-key`
 */
export function revocationList(parts: Parts, published: () => Promise<Uint8Array>): () => Promise<Uint8Array> {
  const { keyring, now } = parts;
  let last: { document: Uint8Array; version: number; issuedAt: number; entries: string } | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  return async () => {
    const issuedAt = now();
    if (last && issuedAt - readAt < BOOKS_READ_EVERY && issuedAt >= readAt) return last.document;
    const kids = await withdrawnKeys(parts, await published());
    const ctis = await withdrawnVouchers(parts);
    readAt = issuedAt;
    const entries = [...kids.toSorted(), "", ...ctis.toSorted()].join(" ");
    if (last && last.entries === entries && issuedAt - last.issuedAt < RENEWED_AFTER) return last.document;
    const version = Math.max(issuedAt, (last?.version ?? 0) + 1);
    const list = {
      issuer: keyring.issuer,
      version,
      issuedAt,
      next: issuedAt + NEXT,
      kids: kids.map(fromHex),
      ctis: ctis.map(fromHex),
    };
    const document = await signRevocations(list, { key: keyring.documentKey({ now: issuedAt }).key });
    last = { document, version, issuedAt, entries };
    return document;
  };
}

async function withdrawnKeys({ keyring }: Parts, published: Uint8Array): Promise<string[]> {
  const { kids } = readRevocations(published, { keys: keyring.keys, held: () => null });
  return Buffer.from(kids).toString("hex").match(/.{8}/g) ?? [];
}

// Entries leave the list when their voucher would have expired: it refuses itself from then on.
async function withdrawnVouchers({ store, now, policy }: Parts): Promise<string[]> {
  const time = now();
  const ctis: string[] = [];
  for (const status of ["revoked", "superseded"] as const) {
    let page: readonly VoucherRow[] = [];
    do {
      const after = page.at(-1)?.id;
      page = await store.listVouchers({ now: time, status, limit: PAGE, ...(after === undefined ? {} : { after }) });
      ctis.push(...page.filter(({ expiresAt }) => expiresAt > time).map(({ cti }) => cti));
      // Newest first: from here on all are older than any voucher lives.
    } while (page.length === PAGE && (page.at(-1)?.issuedAt ?? 0) > time - policy.maxVoucherLife);
  }
  return ctis;
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

import { signRevocations } from "@doorproof/signer";
import { CLOCK_TOLERANCE } from "@doorproof/verifier";
import { fromHex } from "@doorproof/voucher/codec";
import type { Keyring, Policy } from "../ports.ts";
import type { VoucherDeps, VoucherRow } from "./rows.ts";

/** Seconds until the next list is due. For how long a device goes on without one is the key list's grace. */
export const NEXT: number = 6 * 3600;
/** Signed anew at this age even if nothing was revoked, so that a list is never near its `next` when it is fetched. */
const RENEWED_AFTER = 600;
/** Seconds between two reads of the database: the route is open to everybody, so not each request may cost one. */
const DATABASE_READ_EVERY = 2;
const PAGE = 100;

/**
 * The revocation list as it is now (docs/format.md section 5): vouchers revoked or superseded that could still be
 * shown, and the withdrawn keys that the published list names. A key that is withdrawn is in the next answer.
 * @throws {IssueError} `no-signing-key`
 */
export function revocationList(deps: VoucherDeps): () => Promise<Uint8Array> {
  const { keyring, now } = deps;
  let last: Signed | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  return async () => {
    const issuedAt = now();
    const { withdrawn } = keyring;
    const isSame = last?.withdrawn === withdrawn;
    if (last && isSame && issuedAt - readAt < DATABASE_READ_EVERY && issuedAt >= readAt) return last.document;
    const ctis = await withdrawnVouchers(deps);
    readAt = issuedAt;
    const entries = ctis.toSorted().join(" ");
    if (last && isSame && last.entries === entries && isFresh(last, issuedAt)) return last.document;
    const version = nextVersion(issuedAt, last?.version ?? 0, withdrawn.version);
    const list = {
      issuer: keyring.issuer,
      version,
      issuedAt,
      next: issuedAt + NEXT,
      kids: [...withdrawn.kids].map(fromHex),
      ctis: ctis.map(fromHex),
    };
    const document = await signRevocations(list, { key: keyring.documentKey({ now: issuedAt }).key });
    last = { document, version, issuedAt, entries, withdrawn };
    return document;
  };
}

// One that was signed before the clock was set back is renewed as well: readers refuse it as dated after our time.
function isFresh({ issuedAt }: Signed, now: number): boolean {
  return now - issuedAt < RENEWED_AFTER && issuedAt <= now + CLOCK_TOLERANCE;
}

/**
 * The version of a list that is signed now: the time in seconds, or one more than the highest before it. So it grows
 * across restarts with nothing stored, over served lists and files alike.
 */
export function nextVersion(now: number, ...before: readonly number[]): number {
  return Math.max(now, ...before.map((version) => version + 1));
}

/**
 * The ctis, 16 hex digits each, of what was revoked or superseded and has not expired; an expired voucher is refused
 * anyway. Vouchers of a withdrawn key are left out, since its kid is listed, and those of a key that is in no list.
 */
export async function withdrawnVouchers({
  store,
  keyring,
  now,
  policy,
}: Pick<VoucherDeps, "store" | "keyring" | "now"> & { policy: Pick<Policy, "maxVoucherLife"> }): Promise<string[]> {
  const time = now();
  const { kids } = keyring.withdrawn;
  const { keys } = keyring.keys;
  const ctis: string[] = [];
  for (const status of ["revoked", "superseded"] as const) {
    let page: readonly VoucherRow[] = [];
    do {
      const after = page.at(-1)?.id;
      page = await store.listVouchers({ now: time, status, limit: PAGE, ...(after === undefined ? {} : { after }) });
      ctis.push(
        ...page
          .filter(({ expiresAt, kid }) => expiresAt > time && keys.has(kid) && !kids.has(kid))
          .map(({ cti }) => cti),
      );
      // Newest first: all further ones are older than any voucher can live.
    } while (page.length === PAGE && (page.at(-1)?.issuedAt ?? 0) > time - policy.maxVoucherLife);
  }
  return ctis;
}

interface Signed {
  readonly document: Uint8Array;
  readonly version: number;
  readonly issuedAt: number;
  readonly entries: string;
  readonly withdrawn: Keyring["withdrawn"];
}

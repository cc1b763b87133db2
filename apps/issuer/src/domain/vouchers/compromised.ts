import { IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import { replaceVoucher } from "./replace.ts";
import type { VoucherDeps, VoucherRow } from "./rows.ts";

/** A voucher of a withdrawn key and what stands in its place. */
export interface ReplacedVoucher {
  readonly deliveryId: string;
  readonly voucherId: string;
  /** The new voucher's ID; null: it could not be made, see `fault`. */
  readonly by: string | null;
  /** False: we did not send the old one, so whoever handed that out must hand out this one. */
  readonly sms: boolean;
  readonly fault?: string;
}

const PAGE = 100;

/**
 * Issues every live voucher of a withdrawn key again, by another key: same delivery, same phone, same expiry as far as
 * the policy allows, and sent if the old one was. Each is one transaction, so a run that was killed is run again, and
 * two runs at once share the work: what one has replaced is no longer live for the other.
 *
 * @param kid already withdrawn, so that no process signs with it any more
 * @throws {IssueError} `no-signing-key`
 */
export async function* replaceVouchersOf(
  deps: VoucherDeps,
  kid: string,
  actor: Actor,
): AsyncGenerator<ReplacedVoucher> {
  if (!deps.keyring.withdrawn.kids.has(kid)) throw new Error(`${kid} is not withdrawn: it would go on signing`);
  // Each delivery once a run, also when it fails: a run must not send a customer several messages.
  const done = new Set<string>();
  for (;;) {
    for await (const voucher of liveVouchersOf(deps, kid)) {
      if (done.has(voucher.deliveryId)) continue;
      done.add(voucher.deliveryId);
      const replaced = await attempt(deps, voucher, actor);
      if (replaced) yield replaced;
    }
    // A process that signed before the key was withdrawn may have committed since we looked. A transaction waits for
    // it, and any later one sees that the key is withdrawn.
    const left = await deps.store.transaction((rows) =>
      rows.listVouchers({ now: deps.now(), kid, status: "live", limit: done.size + 1 }),
    );
    if (left.every(({ deliveryId }) => done.has(deliveryId))) return;
  }
}

async function* liveVouchersOf({ store, now }: VoucherDeps, kid: string): AsyncGenerator<VoucherRow> {
  let page: readonly VoucherRow[] = [];
  do {
    const after = page.at(-1)?.id;
    const query = { now: now(), kid, status: "live", limit: PAGE } as const;
    page = await store.listVouchers(after === undefined ? query : { ...query, after });
    yield* page;
  } while (page.length === PAGE);
}

// One row that cannot be replaced must not leave all the others with a worthless voucher.
async function attempt(deps: VoucherDeps, voucher: VoucherRow, actor: Actor): Promise<ReplacedVoucher | undefined> {
  const { id: voucherId, deliveryId } = voucher;
  try {
    return { deliveryId, voucherId, ...(await replaceVoucher(deps, voucher, actor)) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof IssueError && error.code === "no-signing-key") throw error;
    // Redeemed, revoked or replaced since we looked.
    if (error instanceof IssueError && error.code === "voucher-not-live") return undefined;
    return { deliveryId, voucherId, by: null, sms: false, fault: error.message };
  }
}

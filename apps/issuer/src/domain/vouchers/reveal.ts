import { append } from "../audit/index.ts";
import { IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import type { VoucherDeps } from "./rows.ts";
import { showWithSecrets, type VoucherView } from "./show.ts";

/**
 * Shows a voucher's secrets to somebody who did not make it, and writes down first who asked and why.
 * @param reason in the person's own words; kept encrypted in the audit trail
 * @throws {IssueError} `voucher-unknown`
 */
export async function revealVoucher(
  deps: VoucherDeps,
  { id, reason }: { id: string; reason: string },
  actor: Actor,
): Promise<VoucherView> {
  const now = deps.now();
  await deps.store.transaction(async (rows) => {
    const voucher = await rows.findVoucher(id);
    if (!voucher) throw new IssueError("voucher-unknown", "there is no such voucher");
    const { deliveryId } = voucher;
    await append(rows, "voucher-revealed", { deps, actor, now, reason, deliveryId, voucherId: id });
  });
  return showWithSecrets(deps, id);
}

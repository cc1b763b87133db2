import type { Actor } from "../ports.ts";
import { apply } from "./apply.ts";
import { decide } from "./lifecycle.ts";
import { loadDeliveryOf } from "./load.ts";
import type { VoucherDeps } from "./rows.ts";
import { showWithSecrets, type VoucherView } from "./show.ts";

/**
 * Withdraws a live voucher; with `cancel` the whole delivery: its live voucher is withdrawn and nothing is issued for
 * it again. Cancelled is a state of the delivery and not of a voucher, or a reissue could bring a cancelled delivery
 * back.
 *
 * @param id with `cancel` any voucher of the delivery, live or not
 * @throws {IssueError} `voucher-unknown`; `voucher-not-live`; with `cancel` `delivery-cancelled`, `delivery-delivered`
 */
export async function revokeVoucher(
  deps: VoucherDeps,
  id: string,
  { cancel, reason }: { cancel: boolean; reason?: string },
  actor: Actor,
): Promise<VoucherView> {
  const now = deps.now();
  await deps.store.transaction(async (rows) => {
    const delivery = await loadDeliveryOf(rows, id);
    const changes = decide(delivery, cancel ? { do: "cancel" } : { do: "revoke", voucher: id }, now);
    await apply(rows, delivery.id, changes, { deps, actor, now, ...(reason === undefined ? {} : { reason }) });
  });
  return showWithSecrets(deps, id);
}

import { append } from "../audit/index.ts";
import { enqueueSms, requireQuota } from "../messages/index.ts";
import type { Actor } from "../ports.ts";
import { apply } from "./apply.ts";
import { decide } from "./lifecycle.ts";
import { loadDeliveryOf } from "./load.ts";
import type { VoucherDeps } from "./rows.ts";
import { showWithSecrets, type VoucherView } from "./show.ts";

/**
 * Sends the same voucher again: the customer deleted the message, or it never came.
 * @throws {IssueError} `voucher-unknown`, `voucher-not-live`, `sms-refused`
 */
export async function resendVoucher(deps: VoucherDeps, id: string, actor: Actor): Promise<VoucherView> {
  const now = deps.now();
  await deps.store.transaction(async (rows) => {
    const delivery = await loadDeliveryOf(rows, id);
    const changes = decide(delivery, { do: "resend", voucher: id }, now);
    requireQuota(await rows.smsOf(id), now);
    await apply(rows, delivery.id, changes, { deps, actor, now });
    await enqueueSms(rows, deps, { voucherId: id, now, dueAt: now });
    await append(rows, "voucher-resent", { deps, actor, now, deliveryId: delivery.id, voucherId: id });
  });
  return showWithSecrets(deps, id);
}

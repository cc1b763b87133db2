import { IssueError } from "../errors.ts";
import type { Actor, Deps } from "../ports.ts";
import type { SmsRow } from "../store.ts";
import { commit, enqueueSms, loadDeliveryOf, record } from "./apply.ts";
import { decide } from "./lifecycle.ts";
import { showVoucher, type VoucherView } from "./show.ts";

/** Messages a voucher, the first one included, and seconds between them: a phone is not to be flooded, nor money burnt. */
const MAX_MESSAGES = 3;
const PAUSE = 60;

/**
 * Sends the same voucher again: the customer deleted the message, or it never came.
 * @throws {IssueError} `voucher-unknown`, `voucher-not-live`, `sms-refused`
 */
export async function resendVoucher(deps: Deps, id: string, actor: Actor): Promise<VoucherView> {
  const now = deps.now();
  await deps.store.transaction(async (rows) => {
    const delivery = await loadDeliveryOf(rows, id);
    const changes = decide(delivery, { do: "resend", voucher: id }, now);
    requireQuota(await rows.smsOf(id), now);
    await commit(rows, delivery.id, changes, { deps, actor, now });
    await enqueueSms(rows, deps, { voucherId: id, now, dueAt: now });
    await record(rows, "voucher-resent", { deps, actor, now, deliveryId: delivery.id, voucherId: id });
  });
  return showVoucher(deps, id);
}

function requireQuota(messages: readonly SmsRow[], now: number): void {
  if (messages.length >= MAX_MESSAGES)
    throw new IssueError("sms-refused", `a voucher is sent at most ${MAX_MESSAGES} times: reissue it`);
  const last = messages.at(-1);
  if (last && now - last.createdAt < PAUSE)
    throw new IssueError("sms-refused", `${PAUSE} seconds must lie between two messages`);
}

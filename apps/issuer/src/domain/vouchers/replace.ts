import { decrypt, phoneRow } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import { loadDeliveryOf } from "./load.ts";
import type { VoucherDeps, VoucherRow } from "./rows.ts";
import { succeed } from "./succeed.ts";

/**
 * A new voucher in the place of a live one whose key was withdrawn: for the same phone, with the same expiry if the
 * policy allows it, sent when the old one was to be sent; at once if that was sent already.
 *
 * @returns the new voucher's ID, and whether it is sent: not if the old one never was
 * @throws {IssueError} `voucher-not-live`, also when another process was faster; `no-signing-key`
 */
export async function replaceVoucher(
  deps: VoucherDeps,
  { id, deliveryId, expiresAt }: VoucherRow,
  actor: Actor,
): Promise<{ by: string; sms: boolean }> {
  const now = deps.now();
  if (expiresAt <= now) throw new IssueError("voucher-not-live", "the voucher is expired");
  const { sealedPhone } = await loadDeliveryOf(deps.store, id);
  if (sealedPhone === null) throw new IssueError("voucher-not-live", "the delivery is over and its number forgotten");
  const messages = await deps.store.smsOf(id);
  const later = messages.find(({ state, attempts }) => state === "waiting" && attempts === 0);
  const dueAt = messages.length > 0 ? Math.max(now, later?.dueAt ?? now) : null;
  const successor = {
    deliveryId,
    phone: decrypt(deps, phoneRow(deliveryId), sealedPhone),
    isNewPhone: false,
    expiresAt: Math.min(expiresAt, now + deps.policy.maxVoucherLife),
    dueAt,
  };
  return { by: await succeed(deps, { do: "replace", voucher: id }, successor, { actor, now }), sms: dueAt !== null };
}

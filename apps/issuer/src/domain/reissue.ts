import { commit, enqueueSms, loadDeliveryOf, record } from "./commit.ts";
import { IssueError } from "./errors.ts";
import { decide } from "./lifecycle.ts";
import { newVoucher } from "./new-voucher.ts";
import { checkPhone, checkTimes, type Expires } from "./order.ts";
import type { Actor, Parts } from "./ports.ts";
import { phoneRow, seal, unseal } from "./seal.ts";
import { showVoucher, type VoucherView } from "./show.ts";

export interface Reissue {
  readonly expires: Expires;
  /** Another number than the one on the order; E.164, or as dialled in `country`. */
  readonly phone?: string;
  /** ISO 3166, as `GB`; else the issuer's default. */
  readonly country?: string;
  /** False: no SMS. */
  readonly sms?: boolean;
}

/**
 * A new voucher for the delivery of this one. What was live is superseded in the same instant: at no time are there two, nor none.
 *
 * @param id any voucher of the delivery, live or not
 * @returns the new voucher
 * @throws {IssueError} `voucher-unknown`, `invalid-order`, `delivery-cancelled`, `delivery-delivered`, `no-signing-key`
 */
export async function reissueVoucher(parts: Parts, id: string, change: Reissue, actor: Actor): Promise<VoucherView> {
  const now = parts.now();
  const { id: deliveryId, sealedPhone } = await loadDeliveryOf(parts.store, id);
  const { phone = unseal(parts, phoneRow(deliveryId), sealedPhone), expiresAt } = checkReissue(parts, change, now);
  const draw = () => newVoucher(parts, { deliveryId, phone, expiresAt, now });
  let voucher = await draw();
  await parts.store.transaction(async (rows) => {
    const delivery = await loadDeliveryOf(rows, id);
    await commit(rows, deliveryId, decide(delivery, { do: "reissue" }, now), { parts, actor, now });
    if (change.phone !== undefined) await rows.setDeliveryPhone(deliveryId, seal(parts, phoneRow(deliveryId), phone));
    while (!(await rows.insertVoucher(voucher))) voucher = await draw();
    if (change.sms ?? true) await enqueueSms(rows, parts, { voucherId: voucher.id, now, dueAt: now });
    await record(rows, "voucher-issued", { parts, actor, now, deliveryId, voucherId: voucher.id });
  });
  return showVoucher(parts, voucher.id);
}

function checkReissue(
  { policy }: Parts,
  { expires, phone, country }: Reissue,
  now: number,
): { phone?: string; expiresAt: number } {
  const { expiresAt, faults } = checkTimes({ expires }, { now, policy });
  const checked =
    phone === undefined ? {} : checkPhone({ phone, ...(country === undefined ? {} : { country }) }, policy);
  const all = checked.fault ? [...faults, checked.fault] : faults;
  if (all.length > 0) throw new IssueError("invalid-order", "the order has faults", all);
  return { expiresAt, ...(checked.number === undefined ? {} : { phone: checked.number }) };
}

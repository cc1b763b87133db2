import { phoneRow, seal, unseal } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import type { Actor, Deps } from "../ports.ts";
import type { VoucherRow } from "../store.ts";
import { commit, enqueueSms, loadDelivery, loadDeliveryOf, record } from "./apply.ts";
import { checkPhone, checkTimes, type Expires } from "./delivery-request.ts";
import { type Command, decide } from "./lifecycle.ts";
import { insertVoucher, newVoucher } from "./new-voucher.ts";
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
 * @throws {IssueError} `voucher-unknown`, `invalid-delivery`, `delivery-cancelled`, `delivery-delivered`, `no-signing-key`
 */
export async function reissueVoucher(deps: Deps, id: string, change: Reissue, actor: Actor): Promise<VoucherView> {
  const now = deps.now();
  const { id: deliveryId, sealedPhone } = await loadDeliveryOf(deps.store, id);
  const { phone: newPhone, expiresAt } = checkReissue(deps, change, now);
  const phone = newPhone ?? unseal(deps, phoneRow(deliveryId), sealedPhone);
  const dueAt = (change.sms ?? true) ? now : null;
  const successor = { deliveryId, phone, isNewPhone: newPhone !== undefined, expiresAt, dueAt };
  return showVoucher(deps, await succeed(deps, { do: "reissue" }, successor, { actor, now }));
}

/**
 * A new voucher in the place of one whose key was withdrawn, as long as that lives: for the same phone, with the same expiry if policy still lets
 * it, sent when the old one was to be sent; at once if it was sent already.
 *
 * @returns the new voucher's ID, and whether it is sent: not if the old one never was
 * @throws {IssueError} `voucher-not-live`, also when another process was faster; `no-signing-key`
 */
export async function replaceVoucher(
  deps: Deps,
  { id, deliveryId, expiresAt }: VoucherRow,
  actor: Actor,
): Promise<{ by: string; sms: boolean }> {
  const now = deps.now();
  if (expiresAt <= now) throw new IssueError("voucher-not-live", "the voucher is expired");
  const { sealedPhone } = await loadDeliveryOf(deps.store, id);
  const messages = await deps.store.smsOf(id);
  const later = messages.find(({ state, attempts }) => state === "waiting" && attempts === 0);
  const dueAt = messages.length > 0 ? Math.max(now, later?.dueAt ?? now) : null;
  const successor = {
    deliveryId,
    phone: unseal(deps, phoneRow(deliveryId), sealedPhone),
    isNewPhone: false,
    expiresAt: Math.min(expiresAt, now + deps.policy.maxVoucherLife),
    dueAt,
  };
  return { by: await succeed(deps, { do: "replace", voucher: id }, successor, { actor, now }), sms: dueAt !== null };
}

interface Successor {
  readonly deliveryId: string;
  /** E.164. */
  readonly phone: string;
  readonly isNewPhone: boolean;
  readonly expiresAt: number;
  /** When it is sent; null: not. */
  readonly dueAt: number | null;
}

// What ends, what begins and the message about it are one transaction.
async function succeed(
  deps: Deps,
  command: Command,
  { deliveryId, phone, isNewPhone, expiresAt, dueAt }: Successor,
  { actor, now }: { actor: Actor; now: number },
): Promise<string> {
  const draw = () => newVoucher(deps, { deliveryId, phone, expiresAt, now });
  const first = await draw();
  return deps.store.transaction(async (rows) => {
    const delivery = await loadDelivery(rows, deliveryId);
    await commit(rows, deliveryId, decide(delivery, command, now), { deps, actor, now });
    if (isNewPhone) await rows.setDeliveryPhone(deliveryId, seal(deps, phoneRow(deliveryId), phone));
    const { id } = await insertVoucher(rows, deps, { first, draw });
    if (dueAt !== null) await enqueueSms(rows, deps, { voucherId: id, now, dueAt });
    await record(rows, "voucher-issued", { deps, actor, now, deliveryId, voucherId: id });
    return id;
  });
}

function checkReissue(
  { policy }: Deps,
  { expires, phone, country }: Reissue,
  now: number,
): { phone?: string; expiresAt: number } {
  const { expiresAt, faults } = checkTimes({ expires }, { now, policy });
  const checked =
    phone === undefined ? {} : checkPhone({ phone, ...(country === undefined ? {} : { country }) }, policy);
  const all = checked.fault ? [...faults, checked.fault] : faults;
  if (all.length > 0) throw new IssueError("invalid-delivery", "the order has faults", all);
  return { expiresAt, ...(checked.number === undefined ? {} : { phone: checked.number }) };
}

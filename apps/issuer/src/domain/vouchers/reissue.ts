import { decrypt, phoneRow } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import type { Actor, Surroundings } from "../ports.ts";
import { checkTimes, type Expires } from "./delivery-request.ts";
import { loadDeliveryOf } from "./load.ts";
import { readPhoneNumber } from "./phone.ts";
import type { VoucherDeps } from "./rows.ts";
import { showWithSecrets, type VoucherView } from "./show.ts";
import { callIsRecipient, openStop } from "./stop-details.ts";
import { succeed } from "./succeed.ts";

export interface Reissue {
  readonly expires: Expires;
  /** Another number than the one that it was issued for; E.164, or as dialled in `country`. */
  readonly phone?: string;
  /** ISO 3166, as `GB`; else the issuer's default. */
  readonly country?: string;
  /** False: no SMS. */
  readonly sms?: boolean;
}

/**
 * A new voucher for the delivery of this one. The live one is superseded in the same transaction, so that there are
 * never two, nor none.
 *
 * @param id any voucher of the delivery, live or not
 * @returns the new voucher
 * @throws {IssueError} `voucher-unknown`, `invalid-delivery`, `delivery-cancelled`, `delivery-delivered`,
 * `no-signing-key`
 */
export async function reissueVoucher(
  deps: VoucherDeps,
  id: string,
  change: Reissue,
  actor: Actor,
): Promise<VoucherView> {
  const now = deps.now();
  const delivery = await loadDeliveryOf(deps.store, id);
  const { id: deliveryId, sealedPhone } = delivery;
  const { phone: newPhone, expiresAt } = checkReissue(deps, change, now);
  if (newPhone !== undefined && openStop(deps, deliveryId, delivery).call === `tel:${newPhone}`)
    throw new IssueError("invalid-delivery", "the delivery has faults", [callIsRecipient("/phone")]);
  const phone = newPhone ?? openPhone(deps, deliveryId, sealedPhone);
  const dueAt = (change.sms ?? true) ? now : null;
  const successor = { deliveryId, phone, isNewPhone: newPhone !== undefined, expiresAt, dueAt };
  return showWithSecrets(deps, await succeed(deps, { do: "reissue" }, successor, { actor, now }));
}

function openPhone(deps: VoucherDeps, deliveryId: string, sealedPhone: string | null): string {
  if (sealedPhone !== null) return decrypt(deps, phoneRow(deliveryId), sealedPhone);
  const fault = { pointer: "/phone", code: "phone", detail: "the number was forgotten: give it again" };
  throw new IssueError("invalid-delivery", "the delivery has faults", [fault]);
}

function checkReissue(
  { policy }: Pick<Surroundings, "policy">,
  { expires, phone, country }: Reissue,
  now: number,
): { phone?: string; expiresAt: number } {
  const { expiresAt, faults } = checkTimes({ expires }, { now, policy });
  const read = phone === undefined ? undefined : readPhoneNumber(phone, country ?? policy.defaultCountry);
  const all = read && "fault" in read ? [...faults, read.fault] : faults;
  if (all.length > 0) throw new IssueError("invalid-delivery", "the delivery has faults", all);
  return { expiresAt, ...(read && "number" in read ? { phone: read.number } : {}) };
}

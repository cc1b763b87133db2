import { type Act, append } from "../audit/index.ts";
import { encrypt, phoneRow } from "../encryption.ts";
import { type Fault, IssueError } from "../errors.ts";
import { enqueueSms } from "../messages/index.ts";
import type { Actor, Deps } from "../ports.ts";
import { checkDelivery, checkTimes, type DeliveryRequest } from "./delivery-request.ts";
import { decide } from "./lifecycle.ts";
import { loadDelivery } from "./load.ts";
import { insertVoucher, newVoucher } from "./new-voucher.ts";
import { orderMacsOf } from "./order-macs.ts";
import type { VoucherDeps, VoucherReach } from "./rows.ts";
import { showWithSecrets, type VoucherView } from "./show.ts";
import { claimsOf, sealStop } from "./stop-details.ts";

export interface Outcome {
  readonly view: VoucherView;
  /** False: it existed already, and nothing was written. */
  readonly created: boolean;
}

/** What else happens with a new delivery, such as being put on a route: in the transaction that issues its voucher. */
export interface Placement<Rows> {
  /** What can be judged of it without the database. */
  readonly faults: readonly Fault[];
  /** @param phone E.164 */
  place(rows: Rows, delivery: { deliveryId: string; phone: string }, act: Act): Promise<void>;
}

/**
 * Issues the voucher of a new delivery and has it sent. Delivery, claims and message are written in one transaction, so
 * that there is no voucher without its message and no message without its voucher. The same request again gives the
 * voucher that is there.
 *
 * @throws {IssueError} `invalid-delivery` with all its faults; `delivery-exists`, `delivery-cancelled`,
 * `delivery-delivered`; `no-signing-key`
 */
export async function issueVoucher<Rows extends VoucherReach>(
  deps: Deps<Rows>,
  request: DeliveryRequest,
  actor: Actor,
  placement?: Placement<Rows>,
): Promise<Outcome> {
  const now = deps.now();
  const plan = await planIssue(deps, request, now, placement?.faults);
  if ("existing" in plan) return { view: await showWithSecrets(deps, plan.existing), created: false };

  const { phone, expiresAt, orderMac } = plan;
  const { deliveryId, locale = "en", courier = null, sms = true, sendAt = now } = request;
  const draw = () => newVoucher(deps, { deliveryId, phone, expiresAt, now });
  let voucher = await draw();
  const written = await deps.store.transaction(async (rows) => {
    const delivery = {
      id: deliveryId,
      state: "open",
      sealedPhone: encrypt(deps, phoneRow(deliveryId), phone),
      ...sealStop(deps, deliveryId, request),
      locale,
      orderMac,
      createdAt: now,
      courier,
    } as const;
    if (!(await rows.insertDelivery(delivery))) return false;
    voucher = await insertVoucher(rows, deps, { first: voucher, draw });
    const act = { deps, actor, now };
    await placement?.place(rows, { deliveryId, phone }, act);
    if (sms) await enqueueSms(rows, deps, { voucherId: voucher.id, now, dueAt: Math.max(now, sendAt) });
    await append(rows, "voucher-issued", { ...act, deliveryId, voucherId: voucher.id });
    if (courier !== null) await append(rows, "delivery-handed", { ...act, deliveryId, reason: `to ${courier}` });
    return true;
  });
  // Another request created the same delivery since we looked: start again, and compare with what it wrote.
  if (!written) return issueVoucher(deps, request, actor, placement);
  return { view: await showWithSecrets(deps, voucher.id), created: true };
}

/**
 * What issuing would do, with nothing written.
 * @param others faults that were found elsewhere, as of the route
 * @returns the ID of the voucher that is there, or what a new one needs
 * @throws {IssueError} as {@link issueVoucher}
 */
export async function planIssue(
  deps: VoucherDeps,
  request: DeliveryRequest,
  now: number,
  others: readonly Fault[] = [],
): Promise<{ existing: string } | { phone: string; expiresAt: number; orderMac: string }> {
  const checked = checkDelivery(request, deps.policy);
  const { phone } = checked;
  const faults = [...checked.faults, ...others];
  const delivery = await loadDelivery(deps.store, request.deliveryId);
  const orderMacs = orderMacsOf(deps, { ...request, phone: phone ?? "", claims: claimsOf(request) });
  const newest = delivery?.vouchers.at(-1);
  const isRepeated = delivery && delivery.orderMac !== null && orderMacs.includes(delivery.orderMac);
  if (faults.length === 0 && newest && isRepeated) return { existing: newest.id };

  const times = checkTimes(request, { now, policy: deps.policy });
  if (phone === undefined || faults.length + times.faults.length > 0) {
    throw new IssueError("invalid-delivery", "the delivery has faults", [...faults, ...times.faults]);
  }
  decide(delivery, { do: "issue" }, now);
  const [orderMac] = orderMacs;
  return { phone, expiresAt: times.expiresAt, orderMac };
}

import { addStop } from "../dispatch/stops.ts";
import { labelRow, mac, phoneRow, seal } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import type { Actor, Deps } from "../ports.ts";
import type { Rows } from "../store.ts";
import { commit, enqueueSms, loadDelivery, record, type Trace } from "./apply.ts";
import { checkDelivery, checkTimes, type DeliveryRequest, type Expires } from "./delivery-request.ts";
import { decide } from "./lifecycle.ts";
import { insertVoucher, newVoucher } from "./new-voucher.ts";
import { showVoucher, type VoucherView } from "./show.ts";

export type { DeliveryRequest, Expires } from "./delivery-request.ts";

export interface Outcome {
  readonly view: VoucherView;
  /** False: it was there already, and nothing was written. */
  readonly created: boolean;
}

/**
 * Issues the voucher of a new delivery and has it sent. Delivery, claims and the message to send are one transaction: there is no voucher that
 * nobody hears of, and no message about a voucher that is in no database. The same order once more gives the voucher that is there.
 *
 * @throws {IssueError} `invalid-delivery` with all its faults; `delivery-exists`, `delivery-cancelled`, `delivery-delivered`; `no-signing-key`
 */
export async function issueVoucher(deps: Deps, order: DeliveryRequest, actor: Actor): Promise<Outcome> {
  const now = deps.now();
  const plan = await planIssue(deps, order, now);
  if ("existing" in plan) return { view: await showVoucher(deps, plan.existing), created: false };

  const { phone, expiresAt, orderMac } = plan;
  const { deliveryId, label, locale = "en", sms = true, sendAt = now } = order;
  const draw = () => newVoucher(deps, { deliveryId, phone, expiresAt, now });
  let voucher = await draw();
  const written = await deps.store.transaction(async (rows) => {
    const delivery = {
      id: deliveryId,
      state: "open",
      sealedPhone: seal(deps, phoneRow(deliveryId), phone),
      sealedLabel: label === undefined ? null : seal(deps, labelRow(deliveryId), label),
      locale,
      orderMac,
      createdAt: now,
    } as const;
    if (!(await rows.insertDelivery(delivery))) return false;
    await commit(rows, deliveryId, decide(undefined, { do: "issue" }, now), { deps, actor, now });
    voucher = await insertVoucher(rows, deps, { first: voucher, draw });
    await putOnRoute(rows, { ...order, phone }, { deps, actor, now });
    if (sms) await enqueueSms(rows, deps, { voucherId: voucher.id, now, dueAt: Math.max(now, sendAt) });
    await record(rows, "voucher-issued", { deps, actor, now, deliveryId, voucherId: voucher.id });
    return true;
  });
  // Somebody ordered the same delivery since we looked: what they wrote stands, and is compared like any other.
  if (!written) return issueVoucher(deps, order, actor);
  return { view: await showVoucher(deps, voucher.id), created: true };
}

/**
 * What issuing would do, with nothing written.
 * @returns the ID of the voucher that is there, or what a new one needs
 * @throws {IssueError} as {@link issueVoucher}
 */
export async function planIssue(
  deps: Deps,
  order: DeliveryRequest,
  now: number,
): Promise<{ existing: string } | { phone: string; expiresAt: number; orderMac: string }> {
  const { phone, faults } = checkDelivery(order, deps.policy);
  const delivery = await loadDelivery(deps.store, order.deliveryId);
  const orderMac = mac(deps, "order", [order.deliveryId, phone ?? "", expiryAsAsked(order.expires)]);
  const newest = delivery?.vouchers.at(-1);
  if (faults.length === 0 && newest && delivery?.orderMac === orderMac) return { existing: newest.id };

  const times = checkTimes(order, { now, policy: deps.policy });
  if (phone === undefined || faults.length + times.faults.length > 0) {
    throw new IssueError("invalid-delivery", "the order has faults", [...faults, ...times.faults]);
  }
  decide(delivery, { do: "issue" }, now);
  return { phone, expiresAt: times.expiresAt, orderMac };
}

async function putOnRoute(
  rows: Rows,
  { deliveryId, phone, country, route, window }: DeliveryRequest,
  trace: Trace,
): Promise<void> {
  if (window) {
    const times = { windowFrom: window.from, windowTo: window.to };
    await rows.putStop({ deliveryId, route: null, position: 0, forced: 0, ...times });
  }
  if (route === undefined) return;
  await addStop(rows, { deliveryId, route, phone, ...(country === undefined ? {} : { country }) }, trace);
}

// As it was asked, not as it came out: "168h" asked twice is the same order, though the time it gives is another.
function expiryAsAsked(expires: Expires): string {
  return "at" in expires ? `at ${expires.at}` : `in ${expires.in}`;
}

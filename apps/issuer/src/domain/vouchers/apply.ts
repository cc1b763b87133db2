import { reasonRow, seal } from "../encryption.ts";
import { IssueError } from "../errors.ts";
import type { Actor, Deps } from "../ports.ts";
import type { DeliveryRow, Rows, VoucherRow } from "../store.ts";
import type { Changes } from "./lifecycle.ts";

/** A delivery with all its vouchers: what the state machine decides on. */
export interface LoadedDelivery extends DeliveryRow {
  readonly vouchers: readonly VoucherRow[];
}

export async function loadDelivery(rows: Rows, id: string): Promise<LoadedDelivery | undefined> {
  const delivery = await rows.findDelivery(id);
  return delivery && { ...delivery, vouchers: await rows.vouchersOf(id) };
}

/**
 * The delivery of a voucher.
 * @throws {IssueError} `voucher-unknown`
 */
export async function loadDeliveryOf(rows: Rows, voucherId: string): Promise<LoadedDelivery> {
  const voucher = await rows.findVoucher(voucherId);
  const delivery = voucher && (await loadDelivery(rows, voucher.deliveryId));
  if (!delivery) throw new IssueError("voucher-unknown", "there is no such voucher");
  return delivery;
}

/** Writes what the state machine decided, with its trace in the audit trail. What ends is not announced any more. */
export async function commit(rows: Rows, deliveryId: string, changes: Changes, trace: Trace): Promise<void> {
  for (const { id, status, at } of changes.ends) {
    await rows.setVoucherStatus(id, status, at);
    await rows.dropSms(id);
    await record(rows, `voucher-${status}`, { ...trace, deliveryId, voucherId: id });
  }
  if (!changes.delivery) return;
  await rows.setDeliveryState(deliveryId, changes.delivery);
  await record(rows, `delivery-${changes.delivery}`, { ...trace, deliveryId });
}

/** Who did it, when and why. */
export interface Trace {
  readonly deps: Deps;
  readonly actor: Actor;
  readonly now: number;
  readonly reason?: string;
}

/** A line in the audit trail. */
export async function record(
  rows: Rows,
  kind: string,
  { deps, actor, now, reason, deliveryId, voucherId }: Trace & { deliveryId?: string; voucherId?: string },
): Promise<void> {
  await rows.insertEvent({
    at: now,
    kind,
    deliveryId: deliveryId ?? null,
    voucherId: voucherId ?? null,
    actorKind: actor.kind,
    actorId: actor.id,
    // A reason is free text: people write names and numbers into it.
    sealedReason: reason === undefined ? null : seal(deps, reasonRow(kind, deliveryId, voucherId), reason),
  });
}

/** Puts a message into the outbox: an ID, and when it is due. To whom and what it says is made at sending. */
export async function enqueueSms(
  rows: Rows,
  { random }: Deps,
  sms: { voucherId: string; now: number; dueAt: number },
): Promise<void> {
  const id = Buffer.from(random(16)).toString("hex");
  const { voucherId, now, dueAt } = sms;
  await rows.insertSms({ id, voucherId, state: "waiting", dueAt, attempts: 0, createdAt: now, sentAt: null });
}

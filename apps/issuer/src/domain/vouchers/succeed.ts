import { append } from "../audit/index.ts";
import { encrypt, phoneRow } from "../encryption.ts";
import { enqueueSms } from "../messages/index.ts";
import type { Actor } from "../ports.ts";
import { apply } from "./apply.ts";
import { type Command, decide } from "./lifecycle.ts";
import { loadDelivery } from "./load.ts";
import { insertVoucher, newVoucher } from "./new-voucher.ts";
import type { VoucherDeps } from "./rows.ts";

/** A voucher that comes after another of its delivery. */
export interface Successor {
  readonly deliveryId: string;
  /** E.164. */
  readonly phone: string;
  readonly isNewPhone: boolean;
  readonly expiresAt: number;
  /** When it is sent; null: not. */
  readonly dueAt: number | null;
}

/** The old voucher's end, the new one and its message are written in one transaction. @returns the new voucher's ID */
export async function succeed(
  deps: VoucherDeps,
  command: Command,
  { deliveryId, phone, isNewPhone, expiresAt, dueAt }: Successor,
  { actor, now }: { actor: Actor; now: number },
): Promise<string> {
  const draw = () => newVoucher(deps, { deliveryId, phone, expiresAt, now });
  const first = await draw();
  return deps.store.transaction(async (rows) => {
    const delivery = await loadDelivery(rows, deliveryId);
    await apply(rows, deliveryId, decide(delivery, command, now), { deps, actor, now });
    if (isNewPhone) await rows.setDeliveryPhone(deliveryId, encrypt(deps, phoneRow(deliveryId), phone));
    const { id } = await insertVoucher(rows, deps, { first, draw });
    if (dueAt !== null) await enqueueSms(rows, deps, { voucherId: id, now, dueAt });
    await append(rows, "voucher-issued", { deps, actor, now, deliveryId, voucherId: id });
    return id;
  });
}

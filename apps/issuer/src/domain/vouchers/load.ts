import { IssueError } from "../errors.ts";
import type { DeliveryRow, VoucherRow, VoucherRows } from "./rows.ts";

/** A delivery with all its vouchers: what the state machine decides on. */
export interface LoadedDelivery extends DeliveryRow {
  readonly vouchers: readonly VoucherRow[];
}

export async function loadDelivery(rows: VoucherRows, id: string): Promise<LoadedDelivery | undefined> {
  const delivery = await rows.findDelivery(id);
  return delivery && { ...delivery, vouchers: await rows.vouchersOf(id) };
}

/**
 * The delivery of a voucher.
 * @throws {IssueError} `voucher-unknown`
 */
export async function loadDeliveryOf(rows: VoucherRows, voucherId: string): Promise<LoadedDelivery> {
  const voucher = await rows.findVoucher(voucherId);
  const delivery = voucher && (await loadDelivery(rows, voucher.deliveryId));
  if (!delivery) throw new IssueError("voucher-unknown", "there is no such voucher");
  return delivery;
}

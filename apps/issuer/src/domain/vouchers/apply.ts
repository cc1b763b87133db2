import type { EventType, VoucherStatus } from "@doorproof/api/lists";
import { type Act, append } from "../audit/index.ts";
import type { Changes, DeliveryState } from "./lifecycle.ts";
import type { VoucherReach } from "./rows.ts";

/**
 * Writes what the state machine decided, with an event for each. Messages about a voucher that ends are not sent any
 * more.
 */
export async function apply(rows: VoucherReach, deliveryId: string, changes: Changes, act: Act): Promise<void> {
  for (const { id, status, at } of changes.ends) {
    await rows.setVoucherStatus(id, status, at);
    await rows.dropSms(id);
    await append(rows, VOUCHER_ENDED[status], { ...act, deliveryId, voucherId: id });
  }
  if (!changes.delivery) return;
  await rows.setDeliveryState(deliveryId, changes.delivery);
  await append(rows, DELIVERY_CHANGED[changes.delivery], { ...act, deliveryId });
}

const VOUCHER_ENDED = {
  redeemed: "voucher-redeemed",
  revoked: "voucher-revoked",
  superseded: "voucher-superseded",
  expired: "voucher-expired",
} as const satisfies Record<Exclude<VoucherStatus, "live">, EventType>;

const DELIVERY_CHANGED = {
  delivered: "delivery-delivered",
  cancelled: "delivery-cancelled",
} as const satisfies Record<Exclude<DeliveryState, "open">, EventType>;

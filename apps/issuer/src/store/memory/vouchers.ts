import type { VoucherQuery, VoucherRow, VoucherRows } from "../../domain/vouchers/index.ts";
import type { Tables } from "./tables.ts";

export function voucherRows({ deliveries, vouchers, idempotency }: Tables): VoucherRows {
  return {
    async insertDelivery(delivery) {
      if (deliveries.get(delivery.id)) return false;
      deliveries.insert(delivery);
      return true;
    },
    async findDelivery(id) {
      return deliveries.get(id);
    },
    async setDeliveryState(id, state) {
      deliveries.update(id, { state });
    },
    async setDeliveryPhone(id, sealedPhone) {
      deliveries.update(id, { sealedPhone });
    },
    async setDeliveryCourier(id, courier) {
      deliveries.update(id, { courier });
    },

    async insertVoucher(voucher) {
      // Only a clash of ctis: any other broken constraint is a bug, and throws.
      if (vouchers.by("cti", voucher.cti).length > 0) return false;
      deliveries.require(voucher.deliveryId);
      vouchers.insert(voucher);
      return true;
    },
    async findVoucher(id) {
      return vouchers.get(id);
    },
    async findVoucherByLink(linkHash) {
      return vouchers.by("link", linkHash)[0];
    },
    async vouchersOf(deliveryId) {
      return vouchers.by("delivery", deliveryId);
    },
    async listVouchers(query) {
      const newestFirst = vouchers.all().toReversed();
      const older = query.after === undefined ? newestFirst : olderThan(query.after, newestFirst);
      return older.filter((voucher) => matches(voucher, query)).slice(0, query.limit);
    },
    async overdueVouchers(now, limit) {
      return vouchers
        .by("status", "live")
        .filter(({ expiresAt }) => expiresAt <= now)
        .sort((a, b) => a.expiresAt - b.expiresAt)
        .slice(0, limit);
    },
    async setVoucherStatus(id, status, at) {
      vouchers.update(id, { status, endedAt: at });
    },

    async insertIdempotency(row) {
      if (idempotency.get(row.key)) return false;
      idempotency.insert(row);
      return true;
    },
    async findIdempotency(key) {
      return idempotency.get(key);
    },
    async forgetIdempotency(olderThan) {
      for (const { key, createdAt } of idempotency.all()) if (createdAt < olderThan) idempotency.delete(key);
    },
  };
}

function olderThan(id: string, newestFirst: readonly VoucherRow[]): readonly VoucherRow[] {
  const index = newestFirst.findIndex((voucher) => voucher.id === id);
  return index === -1 ? [] : newestFirst.slice(index + 1);
}

function matches(voucher: VoucherRow, { now, deliveryId, kid, status }: VoucherQuery): boolean {
  if (deliveryId !== undefined && voucher.deliveryId !== deliveryId) return false;
  if (kid !== undefined && voucher.kid !== kid) return false;
  const isOver = voucher.status === "live" && voucher.expiresAt <= now;
  return status === undefined || status === (isOver ? "expired" : voucher.status);
}

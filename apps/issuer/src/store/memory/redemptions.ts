import type { RedemptionRows } from "../../domain/redemptions/index.ts";
import { both, type Tables } from "./tables.ts";

export function redemptionRows({ acceptances, redemptions, entries, vouchers, deliveries }: Tables): RedemptionRows {
  return {
    async insertAcceptance(acceptance) {
      vouchers.require(acceptance.voucherId);
      deliveries.require(acceptance.deliveryId);
      const { voucherId, deliveryId } = acceptance;
      const stands = acceptances
        .all()
        .some((other) => other.voucherId === voucherId || other.deliveryId === deliveryId);
      if (!stands) acceptances.insert(acceptance);
      return !stands;
    },
    async findAcceptance(deliveryId) {
      return acceptances.all().find((acceptance) => acceptance.deliveryId === deliveryId);
    },
    async insertRedemption(redemption) {
      if (redemptions.get(both(redemption.reporter, redemption.recordId))) return false;
      redemptions.insert({ ...redemption, seq: redemptions.size + 1 });
      return true;
    },
    async findRedemption(reporter, recordId) {
      return redemptions.get(both(reporter, recordId));
    },
    async listRedemptions({ status, limit, before }) {
      return redemptions
        .all()
        .filter((redemption) => status === undefined || redemption.status === status)
        .filter(({ seq }) => before === undefined || seq < before)
        .toReversed()
        .slice(0, limit);
    },
    async insertEntry(entry) {
      if (entries.get(both(entry.reporter, entry.entryId))) return false;
      entries.insert(entry);
      return true;
    },
  };
}

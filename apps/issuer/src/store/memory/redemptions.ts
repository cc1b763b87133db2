import type { RedemptionRows } from "../../domain/redemptions/index.ts";
import { both, type Tables } from "./tables.ts";

export function redemptionRows({
  acceptances,
  redemptions,
  entries,
  quotas,
  vouchers,
  deliveries,
}: Tables): RedemptionRows {
  return {
    async insertAcceptance(acceptance) {
      vouchers.require(acceptance.voucherId);
      deliveries.require(acceptance.deliveryId);
      const { voucherId, deliveryId } = acceptance;
      if (acceptances.get(voucherId) ?? acceptances.by("delivery", deliveryId)[0]) return false;
      acceptances.insert(acceptance);
      return true;
    },
    async findAcceptance(deliveryId) {
      return acceptances.by("delivery", deliveryId)[0];
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
    async findQuota(reporter) {
      return quotas.get(reporter);
    },
    async putQuota(quota) {
      if (quotas.get(quota.reporter)) quotas.update(quota.reporter, quota);
      else quotas.insert(quota);
    },
    async findEntry(reporter, entryId) {
      return entries.get(both(reporter, entryId));
    },
  };
}

import { type FieldKey, type PersonalDataRows, SECRET_FIELDS } from "../../domain/personal-data/index.ts";
import type { Table } from "./table.ts";
import { both, type Tables } from "./tables.ts";

export function personalDataRows(tables: Tables): PersonalDataRows {
  const { deliveries, vouchers, idempotency, events, stops, seals, carries, acceptances, redemptions, entries } =
    tables;
  const endOf = (deliveryId: string) =>
    Math.max(...vouchers.by("delivery", deliveryId).map(({ endedAt, expiresAt }) => endedAt ?? expiresAt));
  const isOver = (deliveryId: string | null, before: number) => deliveryId === null || endOf(deliveryId) < before;
  const forgetVouchers = (deliveryId: string) => {
    for (const { id } of vouchers.by("delivery", deliveryId)) {
      vouchers.update(id, { phoneHash: null });
      seals.delete(id);
      for (const { key, voucherId } of idempotency.all()) if (voucherId === id) idempotency.delete(key);
    }
  };
  const nothing = { sealedPhone: null, sealedLabel: null, sealedDetails: null, orderMac: null };
  return {
    async deliveriesWithPhone({ createdBefore, after, limit }) {
      return deliveries
        .all()
        .filter(({ sealedPhone, createdAt }) => sealedPhone !== null && createdAt < createdBefore)
        .map(({ id, createdAt }) => ({ id, createdAt, endedAt: endOf(id) }))
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
        .filter(
          ({ id, createdAt }) =>
            !after || createdAt > after.createdAt || (createdAt === after.createdAt && id > after.id),
        )
        .slice(0, limit);
    },
    async forgetPhone(deliveryId) {
      deliveries.update(deliveryId, nothing);
      forgetVouchers(deliveryId);
    },
    async forgetNotes({ before, limit }) {
      const noted = entries
        .all()
        .filter((one) => one.sealedNote !== null && one.receivedAt < before && isOver(one.deliveryId, before))
        .slice(0, limit);
      for (const { reporter, entryId } of noted) entries.update(both(reporter, entryId), { sealedNote: null });
      const told = events
        .all()
        .filter((one) => one.sealedReason !== null && one.deliveryId !== null && one.at < before)
        .filter((one) => isOver(one.deliveryId, before))
        .slice(0, limit);
      for (const { seq } of told) events.update(String(seq), { sealedReason: null });
      return noted.length + told.length;
    },
    async forgetNames({ before, limit }) {
      const named = redemptions
        .all()
        .filter((one) => one.sealedName !== null && one.receivedAt < before && isOver(one.deliveryId, before))
        .slice(0, limit);
      for (const { reporter, recordId } of named) redemptions.update(both(reporter, recordId), { sealedName: null });
      return named.length;
    },
    async buryDelivery({ id, tombstone }) {
      deliveries.require(id);
      const delivery = deliveries.get(id);
      if (!delivery) return;
      forgetVouchers(id);
      deliveries.insert({ ...delivery, ...nothing, id: tombstone, locale: "und" });
      const by = { deliveryId: tombstone };
      for (const voucher of vouchers.by("delivery", id)) vouchers.update(voucher.id, by);
      for (const one of acceptances.by("delivery", id)) acceptances.update(one.voucherId, by);
      const stop = stops.get(id);
      stops.delete(id);
      if (stop) stops.insert({ ...stop, ...by });
      for (const carry of carries.by("delivery", id)) {
        carries.delete(both(id, carry.deviceId));
        carries.insert({ ...carry, ...by });
      }
      for (const one of redemptions.all())
        if (one.deliveryId === id) redemptions.update(both(one.reporter, one.recordId), { ...by, sealedName: null });
      for (const one of entries.all())
        if (one.deliveryId === id) entries.update(both(one.reporter, one.entryId), { ...by, sealedNote: null });
      for (const one of events.all())
        if (one.deliveryId === id) events.update(String(one.seq), { ...by, sealedReason: null });
      deliveries.delete(id);
    },
    async encryptedTexts({ field, after, limit }) {
      const { table, column, key, belongsTo } = SECRET_FIELDS[field];
      return byColumn(tables, table)
        .all()
        .filter((row) => row[column] !== null)
        .map((row) => ({ row, key: key.map((name) => row[name] ?? "") }))
        .filter((one) => !after || isBehind(one.key, after))
        .sort((a, b) => (isBehind(a.key, b.key) ? 1 : -1))
        .slice(0, limit)
        .map(({ row, key }) => ({ key, belongsTo: belongsTo(row), encrypted: String(row[column]) }));
    },
    async replaceEncrypted({ field, key: [one = "", other], from, to }) {
      const { table, column } = SECRET_FIELDS[field];
      const key = other === undefined ? String(one) : both(String(one), String(other));
      const found = byColumn(tables, table);
      if (found.get(key)?.[column] !== from) return false;
      found.update(key, { [column]: to });
      return true;
    },
    async replaceOrderMac({ id, from, to }) {
      if (deliveries.get(id)?.orderMac !== from) return false;
      deliveries.update(id, { orderMac: to });
      return true;
    },
  };
}

function isBehind(key: FieldKey, other: FieldKey): boolean {
  const at = key.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (key[at] ?? "") > (other[at] ?? "");
}

type AnyRow = Record<string, string | number | null>;

/** A table whose columns are known by SECRET_FIELDS alone. */
function byColumn(tables: Tables, name: keyof Tables): Table<AnyRow> {
  return tables[name] as unknown as Table<AnyRow>;
}

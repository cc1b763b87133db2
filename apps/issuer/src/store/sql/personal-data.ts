import { type Kysely, sql } from "kysely";
import { type PersonalDataRows, SECRET_FIELDS } from "../../domain/personal-data/index.ts";
import type { Tables } from "./tables.ts";

/** What is left of a delivery's person. */
const NOTHING = { sealedPhone: null, sealedLabel: null, sealedDetails: null, orderMac: null };

export function personalDataRows(db: Kysely<Tables>): PersonalDataRows {
  /** A voucher of the row's delivery that ends at this time or later. */
  const endsSince = (column: "entries.deliveryId" | "events.deliveryId" | "redemptions.deliveryId", time: number) =>
    db
      .selectFrom("vouchers")
      .select("vouchers.id")
      .where("vouchers.deliveryId", "=", sql.ref<string>(column))
      .where((e) => e.fn.coalesce("vouchers.endedAt", "vouchers.expiresAt"), ">=", time);
  const forgetVouchers = async (deliveryId: string) => {
    await db.updateTable("vouchers").set({ phoneHash: null }).where("deliveryId", "=", deliveryId).execute();
    const vouchers = db.selectFrom("vouchers").select("id").where("deliveryId", "=", deliveryId);
    await db.deleteFrom("seals").where("voucherId", "in", vouchers).execute();
    await db.deleteFrom("idempotency").where("voucherId", "in", vouchers).execute();
  };
  return {
    deliveriesWithPhone({ createdBefore, after, limit }) {
      return db
        .selectFrom("deliveries")
        .innerJoin("vouchers", "vouchers.deliveryId", "deliveries.id")
        .select(["deliveries.id", "deliveries.createdAt"])
        .select((e) => e.fn.max(e.fn.coalesce("vouchers.endedAt", "vouchers.expiresAt")).as("endedAt"))
        .where("sealedPhone", "is not", null)
        .where("createdAt", "<", createdBefore)
        .$if(after !== undefined, (q) =>
          q.where((e) => {
            const { id = "", createdAt = 0 } = after ?? {};
            return e.or([
              e("createdAt", ">", createdAt),
              e.and([e("createdAt", "=", createdAt), e("deliveries.id", ">", id)]),
            ]);
          }),
        )
        .groupBy(["deliveries.createdAt", "deliveries.id"])
        .orderBy("deliveries.createdAt")
        .orderBy("deliveries.id")
        .limit(limit)
        .execute();
    },
    async forgetPhone(deliveryId) {
      await db.updateTable("deliveries").set(NOTHING).where("id", "=", deliveryId).execute();
      await forgetVouchers(deliveryId);
    },
    async forgetNotes({ before, limit }) {
      const entries = await db
        .selectFrom("entries")
        .select(["reporter", "entryId"])
        .where("sealedNote", "is not", null)
        .where("receivedAt", "<", before)
        .where((e) => e.not(e.exists(endsSince("entries.deliveryId", before))))
        .limit(limit)
        .execute();
      for (const { reporter, entryId } of entries)
        await db
          .updateTable("entries")
          .set({ sealedNote: null })
          .where("reporter", "=", reporter)
          .where("entryId", "=", entryId)
          .execute();
      const events = await db
        .selectFrom("events")
        .select("seq")
        .where("sealedReason", "is not", null)
        .where("deliveryId", "is not", null)
        .where("at", "<", before)
        .where((e) => e.not(e.exists(endsSince("events.deliveryId", before))))
        .limit(limit)
        .execute();
      for (const { seq } of events)
        await db.updateTable("events").set({ sealedReason: null }).where("seq", "=", seq).execute();
      return entries.length + events.length;
    },
    async forgetNames({ before, limit }) {
      const found = await db
        .selectFrom("redemptions")
        .select("seq")
        .where("sealedName", "is not", null)
        .where("receivedAt", "<", before)
        .where((e) => e.not(e.exists(endsSince("redemptions.deliveryId", before))))
        .limit(limit)
        .execute();
      for (const { seq } of found)
        await db.updateTable("redemptions").set({ sealedName: null }).where("seq", "=", seq).execute();
      return found.length;
    },
    async buryDelivery({ id, tombstone }) {
      const delivery = await db.selectFrom("deliveries").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
      await forgetVouchers(id);
      const bare = { ...delivery, ...NOTHING, id: tombstone, locale: "und" };
      await db.insertInto("deliveries").values(bare).execute();
      const by = { deliveryId: tombstone };
      await db.updateTable("vouchers").set(by).where("deliveryId", "=", id).execute();
      await db.updateTable("acceptances").set(by).where("deliveryId", "=", id).execute();
      await db.updateTable("stops").set(by).where("deliveryId", "=", id).execute();
      await db.updateTable("carries").set(by).where("deliveryId", "=", id).execute();
      await db
        .updateTable("redemptions")
        .set({ ...by, sealedName: null })
        .where("deliveryId", "=", id)
        .execute();
      await db
        .updateTable("entries")
        .set({ ...by, sealedNote: null })
        .where("deliveryId", "=", id)
        .execute();
      await db
        .updateTable("events")
        .set({ ...by, sealedReason: null })
        .where("deliveryId", "=", id)
        .execute();
      await db.deleteFrom("deliveries").where("id", "=", id).execute();
    },
    async encryptedTexts({ field, after, limit }) {
      const { table, column, key, belongsTo } = SECRET_FIELDS[field];
      const keys = sql.join(key.map((name) => sql.ref(name)));
      const beyond = after ? sql`and (${keys}) > (${sql.join(after)})` : sql``;
      const { rows } = await sql<Record<string, string | number>>`
        select * from ${sql.table(table)} where ${sql.ref(column)} is not null ${beyond} order by ${keys} limit ${limit}
      `.execute(db);
      return rows.map((row) => ({
        key: key.map((name) => row[name] ?? ""),
        belongsTo: belongsTo(row),
        encrypted: String(row[column]),
      }));
    },
    async replaceEncrypted({ field, key: values, from, to }) {
      const { table, column, key } = SECRET_FIELDS[field];
      const keys = sql.join(key.map((name) => sql.ref(name)));
      const { numAffectedRows } = await sql`
        update ${sql.table(table)} set ${sql.ref(column)} = ${to}
        where (${keys}) = (${sql.join(values)}) and ${sql.ref(column)} = ${from}
      `.execute(db);
      return numAffectedRows === 1n;
    },
    async replaceOrderMac({ id, from, to }) {
      const changed = db.updateTable("deliveries").set({ orderMac: to }).where("id", "=", id);
      const { numUpdatedRows } = await changed.where("orderMac", "=", from).executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  };
}

import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * What is about a person may end: it can be taken out of a delivery, and is found by its age. Messages that were only
 * written down, or not sent at all, say so.
 *
 * @param seq the column type that numbers rows by itself when it is the primary key
 */
export function personalData(seq: "integer" | "bigserial"): Migration {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not today's.
    async up(db: Kysely<any>): Promise<void> {
      for (const column of ["sealed_phone", "order_mac"] as const) await makeOptional(db, column);
      await db.schema
        .createIndex("phones_by_age")
        .on("deliveries")
        .columns(["created_at", "id"])
        .where(sql.ref("sealed_phone"), "is not", null)
        .execute();
      await db.schema
        .createIndex("names_by_age")
        .on("redemptions")
        .column("received_at")
        .where(sql.ref("sealed_name"), "is not", null)
        .execute();
      await db.schema
        .createIndex("notes_by_age")
        .on("entries")
        .column("received_at")
        .where(sql.ref("sealed_note"), "is not", null)
        .execute();
      await db.schema
        .createIndex("reasons_by_age")
        .on("events")
        .column("at")
        .where(sql.ref("sealed_reason"), "is not", null)
        .where(sql.ref("delivery_id"), "is not", null)
        .execute();
      await db.schema.createIndex("redemptions_of_delivery").on("redemptions").column("delivery_id").execute();
      await db.schema.createIndex("entries_of_delivery").on("entries").column("delivery_id").execute();
      await widenSmsStates(db);
      await db.schema
        .createTable("proofs")
        .addColumn("id", seq, (c) => c.primaryKey())
        .addColumn("filler", "blob", (c) => c.notNull())
        .execute();
    },
  };
}

// No database changes "not null" in the same words, so the column is made anew.
// biome-ignore lint/suspicious/noExplicitAny: as above.
async function makeOptional(db: Kysely<any>, column: "sealed_phone" | "order_mac"): Promise<void> {
  await db.schema.alterTable("deliveries").addColumn("optional", "text").execute();
  await db
    .updateTable("deliveries")
    .set({ optional: sql.ref(column) })
    .execute();
  await db.schema.alterTable("deliveries").dropColumn(column).execute();
  await db.schema.alterTable("deliveries").renameColumn("optional", column).execute();
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
async function widenSmsStates(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable("sms_wide")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("voucher_id", "text", (c) => c.notNull().references("vouchers.id"))
    .addColumn("state", "text", (c) =>
      c.notNull().check(sql`state in ('waiting', 'sent', 'logged', 'unsent', 'failed', 'dropped')`),
    )
    .addColumn("due_at", "bigint", (c) => c.notNull())
    .addColumn("lease_until", "bigint", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("sent_at", "bigint")
    .execute();
  const columns = ["id", "voucher_id", "state", "due_at", "lease_until", "attempts", "created_at", "sent_at"];
  await db.insertInto("sms_wide").columns(columns).expression(db.selectFrom("sms").select(columns)).execute();
  // There was one gateway so far, and it sends nothing.
  await db.updateTable("sms_wide").set({ state: "logged" }).where("state", "=", "sent").execute();
  await db.schema.dropTable("sms").execute();
  await db.schema.alterTable("sms_wide").renameTo("sms").execute();
  await db.schema.createIndex("sms_of_voucher").on("sms").column("voucher_id").execute();
  await db.schema.createIndex("sms_due").on("sms").columns(["state", "due_at"]).execute();
}

import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** @param seq the column type that numbers rows by itself when it is the primary key */
export function books(seq: "integer" | "bigserial"): Migration {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not today's.
    async up(db: Kysely<any>): Promise<void> {
      await db.schema
        .createTable("deliveries")
        .addColumn("id", "text", (c) => c.primaryKey())
        .addColumn("state", "text", (c) => c.notNull().check(sql`state in ('open', 'delivered', 'cancelled')`))
        .addColumn("sealed_phone", "text", (c) => c.notNull())
        .addColumn("sealed_label", "text")
        .addColumn("locale", "text", (c) => c.notNull())
        .addColumn("order_mac", "text", (c) => c.notNull())
        .addColumn("created_at", "bigint", (c) => c.notNull())
        .execute();
      await db.schema
        .createTable("vouchers")
        .addColumn("seq", seq, (c) => c.primaryKey())
        .addColumn("id", "text", (c) => c.notNull().unique())
        .addColumn("kid", "text", (c) => c.notNull())
        .addColumn("cti", "text", (c) => c.notNull().unique())
        .addColumn("delivery_id", "text", (c) => c.notNull().references("deliveries.id"))
        .addColumn("expires_at", "bigint", (c) => c.notNull())
        .addColumn("phone_hash", "integer")
        .addColumn("status", "text", (c) =>
          c.notNull().check(sql`status in ('live', 'redeemed', 'revoked', 'superseded', 'expired')`),
        )
        .addColumn("issued_at", "bigint", (c) => c.notNull())
        .addColumn("ended_at", "bigint")
        .addColumn("code_secret_id", "text", (c) => c.notNull())
        .addColumn("link_hash", "text", (c) => c.notNull().unique())
        .execute();
      await db.schema.createIndex("vouchers_of_delivery").on("vouchers").column("delivery_id").execute();
      await db.schema.createIndex("vouchers_by_status").on("vouchers").columns(["status", "expires_at"]).execute();
      // The state machine guarantees it already; the index holds even if some code writes without it.
      await db.schema
        .createIndex("one_live_voucher")
        .unique()
        .on("vouchers")
        .column("delivery_id")
        .where(sql.ref("status"), "=", sql.lit("live"))
        .execute();
      await db.schema
        .createTable("sms")
        .addColumn("id", "text", (c) => c.primaryKey())
        .addColumn("voucher_id", "text", (c) => c.notNull().references("vouchers.id"))
        .addColumn("state", "text", (c) => c.notNull().check(sql`state in ('waiting', 'sent', 'failed', 'dropped')`))
        .addColumn("due_at", "bigint", (c) => c.notNull())
        .addColumn("lease_until", "bigint", (c) => c.notNull())
        .addColumn("attempts", "integer", (c) => c.notNull())
        .addColumn("created_at", "bigint", (c) => c.notNull())
        .addColumn("sent_at", "bigint")
        .execute();
      await db.schema.createIndex("sms_of_voucher").on("sms").column("voucher_id").execute();
      await db.schema.createIndex("sms_due").on("sms").columns(["state", "due_at"]).execute();
      // Once per voucher, once per delivery (docs/format.md section 7): these two indexes decide, whatever the code
      // checked before.
      await db.schema
        .createTable("acceptances")
        .addColumn("voucher_id", "text", (c) => c.primaryKey().references("vouchers.id"))
        .addColumn("delivery_id", "text", (c) => c.notNull().unique().references("deliveries.id"))
        .addColumn("reporter", "text", (c) => c.notNull())
        .addColumn("record_id", "text", (c) => c.notNull())
        .addColumn("at", "bigint", (c) => c.notNull())
        .execute();
      await db.schema
        .createTable("redemptions")
        .addColumn("seq", seq, (c) => c.primaryKey())
        .addColumn("reporter", "text", (c) => c.notNull())
        .addColumn("record_id", "text", (c) => c.notNull())
        .addColumn("voucher_id", "text")
        .addColumn("delivery_id", "text")
        .addColumn("via", "text", (c) => c.notNull())
        .addColumn("at", "bigint", (c) => c.notNull())
        .addColumn("floor", "bigint")
        .addColumn("device_seq", "bigint")
        .addColumn("route", "text")
        .addColumn("version", "bigint")
        .addColumn("taken_by", "text", (c) => c.notNull())
        .addColumn("sealed_name", "text")
        .addColumn("received_at", "bigint", (c) => c.notNull())
        .addColumn("status", "text", (c) => c.notNull())
        .addColumn("code", "text")
        .addColumn("by_id", "text")
        .addColumn("by_at", "bigint")
        .addUniqueConstraint("one_answer_a_record", ["reporter", "record_id"])
        .execute();
      await db.schema.createIndex("redemptions_by_status").on("redemptions").columns(["status", "seq"]).execute();
      await db.schema
        .createTable("events")
        .addColumn("seq", seq, (c) => c.primaryKey())
        .addColumn("at", "bigint", (c) => c.notNull())
        .addColumn("kind", "text", (c) => c.notNull())
        .addColumn("delivery_id", "text")
        .addColumn("voucher_id", "text")
        .addColumn("actor_kind", "text", (c) => c.notNull())
        .addColumn("actor_id", "text", (c) => c.notNull())
        .addColumn("sealed_reason", "text")
        .execute();
      await db.schema.createIndex("events_of_delivery").on("events").columns(["delivery_id", "seq"]).execute();
      await db.schema
        .createTable("api_keys")
        .addColumn("id", "text", (c) => c.primaryKey())
        .addColumn("token_hash", "text", (c) => c.notNull().unique())
        .addColumn("scopes", "text", (c) => c.notNull())
        .addColumn("label", "text")
        .addColumn("created_at", "bigint", (c) => c.notNull())
        .execute();
      await db.schema
        .createTable("idempotency")
        .addColumn("key", "text", (c) => c.primaryKey())
        .addColumn("request", "text", (c) => c.notNull())
        .addColumn("voucher_id", "text", (c) => c.notNull())
        .addColumn("created", "integer", (c) => c.notNull())
        .addColumn("created_at", "bigint", (c) => c.notNull())
        .execute();
      await db.schema.createIndex("idempotency_by_age").on("idempotency").column("created_at").execute();
    },
  };
}

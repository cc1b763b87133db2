import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export function dispatch(): Migration {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not today's.
    async up(db: Kysely<any>): Promise<void> {
      await db.schema
        .createTable("routes")
        .addColumn("name", "text", (c) => c.primaryKey())
        .addColumn("calling_code", "text", (c) => c.notNull())
        .addColumn("version", "bigint", (c) => c.notNull())
        .addColumn("issued_at", "bigint", (c) => c.notNull())
        .addColumn("expires_at", "bigint", (c) => c.notNull())
        .addColumn("content_mac", "text")
        .execute();
      // A delivery is on one route or on none: this key guarantees it, whatever the code checked before.
      await db.schema
        .createTable("stops")
        .addColumn("delivery_id", "text", (c) => c.primaryKey().references("deliveries.id"))
        .addColumn("route", "text", (c) => c.references("routes.name"))
        .addColumn("position", "integer", (c) => c.notNull())
        .addColumn("forced", "integer", (c) => c.notNull())
        .addColumn("window_from", "bigint")
        .addColumn("window_to", "bigint")
        .execute();
      await db.schema.createIndex("stops_of_route").on("stops").columns(["route", "position"]).execute();
      // One seal a voucher, for ever: a second one under another salt would give an attacker a second place to search
      // for the code.
      await db.schema
        .createTable("seals")
        .addColumn("voucher_id", "text", (c) => c.primaryKey().references("vouchers.id"))
        .addColumn("salt", "text", (c) => c.notNull().unique())
        .addColumn("sealed", "text", (c) => c.notNull())
        .execute();
      await db.schema
        .createTable("devices")
        .addColumn("id", "text", (c) => c.primaryKey())
        .addColumn("route", "text", (c) => c.notNull().references("routes.name"))
        .addColumn("token_hash", "text", (c) => c.notNull().unique())
        .addColumn("enrolled_at", "bigint", (c) => c.notNull())
        .addColumn("last_seen_at", "bigint", (c) => c.notNull())
        .addColumn("revoked_at", "bigint")
        .addColumn("served_version", "bigint", (c) => c.notNull())
        .addColumn("held_version", "bigint", (c) => c.notNull())
        .addColumn("last_seq", "bigint", (c) => c.notNull())
        .execute();
      await db.schema
        .createIndex("one_device_a_route")
        .unique()
        .on("devices")
        .column("route")
        .where(sql.ref("revoked_at"), "is", null)
        .execute();
      await db.schema
        .createTable("enrolments")
        .addColumn("token_hash", "text", (c) => c.primaryKey())
        .addColumn("route", "text", (c) => c.notNull().references("routes.name"))
        .addColumn("expires_at", "bigint", (c) => c.notNull())
        .execute();
      await db.schema
        .createTable("carries")
        .addColumn("device_id", "text", (c) => c.notNull().references("devices.id"))
        .addColumn("delivery_id", "text", (c) => c.notNull().references("deliveries.id"))
        .addColumn("from_version", "bigint", (c) => c.notNull())
        .addColumn("version", "bigint", (c) => c.notNull())
        .addColumn("until", "bigint", (c) => c.notNull())
        .addPrimaryKeyConstraint("carried_once", ["delivery_id", "device_id"])
        .execute();
      await db.schema.createIndex("carries_by_age").on("carries").column("until").execute();
      await db.schema
        .createTable("entries")
        .addColumn("reporter", "text", (c) => c.notNull())
        .addColumn("entry_id", "text", (c) => c.notNull())
        .addColumn("kind", "text", (c) => c.notNull().check(sql`kind in ('refusal', 'attempt', 'undo')`))
        .addColumn("device_seq", "bigint", (c) => c.notNull())
        .addColumn("at", "bigint", (c) => c.notNull())
        .addColumn("received_at", "bigint", (c) => c.notNull())
        .addColumn("delivery_id", "text")
        .addColumn("code", "text")
        .addColumn("kid", "text")
        .addColumn("cti", "text")
        .addColumn("reason", "text")
        .addColumn("sealed_note", "text")
        .addColumn("undoes", "text")
        .addPrimaryKeyConstraint("one_entry_an_id", ["reporter", "entry_id"])
        .execute();
    },
  };
}

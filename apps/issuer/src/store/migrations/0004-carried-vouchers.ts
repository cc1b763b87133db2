import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export function carriedVouchers(): Migration {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not today's.
    async up(db: Kysely<any>): Promise<void> {
      await db.schema
        .createTable("carried_vouchers")
        .addColumn("voucher_id", "text", (c) => c.notNull().references("vouchers.id"))
        .addColumn("device_id", "text", (c) => c.notNull().references("devices.id"))
        .addColumn("until", "bigint", (c) => c.notNull())
        .addPrimaryKeyConstraint("voucher_carried_once", ["voucher_id", "device_id"])
        .execute();
      await db.schema.createIndex("carried_vouchers_by_age").on("carried_vouchers").column("until").execute();
      // Which vouchers went out before this was written down: of the stops that did, those that lived meanwhile. A
      // manifest's version is the time at which it was signed, or little later.
      await sql`
        insert into carried_vouchers (voucher_id, device_id, until)
        select vouchers.id, carries.device_id, carries.until
        from carries join vouchers on vouchers.delivery_id = carries.delivery_id
        where vouchers.issued_at <= carries.version
          and (vouchers.ended_at is null or vouchers.ended_at >= carries.from_version)
      `.execute(db);
    },
  };
}

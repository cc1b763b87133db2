import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * What was answered to a request is kept with its key. What a report costs no longer grows with what its device has
 * stored, and what cannot be so is marked.
 */
export function answersAndQuotas(): Migration {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not today's.
    async up(db: Kysely<any>): Promise<void> {
      // A report looks for the numbers from its device's highest one on.
      await db.schema
        .createIndex("redemptions_by_number")
        .on("redemptions")
        .columns(["reporter", "device_seq"])
        .execute();
      await db.schema.createIndex("entries_by_number").on("entries").columns(["reporter", "device_seq"]).execute();
      await db.schema.alterTable("idempotency").addColumn("sealed_answer", "text").execute();
      await db.schema
        .createTable("quotas")
        .addColumn("reporter", "text", (c) => c.primaryKey())
        .addColumn("since", "bigint", (c) => c.notNull())
        .addColumn("used", "integer", (c) => c.notNull())
        .execute();
      // Separated by commas.
      await db.schema
        .alterTable("entries")
        .addColumn("marks", "text", (c) => c.notNull().defaultTo(""))
        .execute();
    },
  };
}

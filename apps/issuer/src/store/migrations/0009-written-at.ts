import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Of a redemption: what the device's clock said, and by how much it was known to be wrong. */
export function writtenAt(): Migration {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not today's.
    async up(db: Kysely<any>): Promise<void> {
      await db.schema.alterTable("redemptions").addColumn("written_at", "bigint").execute();
      await db.schema.alterTable("redemptions").addColumn("clock_difference", "bigint").execute();
    },
  };
}

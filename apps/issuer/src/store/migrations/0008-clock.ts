import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** The last time that an issuer believed its clock: one row. */
export function clock(): Migration {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not today's.
    async up(db: Kysely<any>): Promise<void> {
      await db.schema
        .createTable("clock")
        .addColumn("id", "integer", (c) => c.primaryKey().check(sql`id = 1`))
        .addColumn("seen_at", "bigint", (c) => c.notNull())
        .addColumn("acceptances", "integer", (c) => c.notNull())
        .execute();
    },
  };
}

import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

export function couriers(): Migration {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not today's.
    async up(db: Kysely<any>): Promise<void> {
      await db.schema.alterTable("deliveries").addColumn("courier", "text").execute();
    },
  };
}

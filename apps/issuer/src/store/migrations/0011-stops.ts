import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * What a stop says beside its address: encrypted where it is about a person. A delivery of before asks nothing, and
 * anybody may take it (15: all four).
 */
export function stops(): Migration {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not today's.
    async up(db: Kysely<any>): Promise<void> {
      await db.schema.alterTable("deliveries").addColumn("sealed_details", "text").execute();
      for (const [column, before] of [
        ["parcels", 0],
        ["asks", 0],
        ["takers", 15],
      ] as const)
        await db.schema
          .alterTable("deliveries")
          .addColumn(column, "bigint", (c) => c.notNull().defaultTo(before))
          .execute();
    },
  };
}

import type { Kysely } from "kysely";
import type { ClockRows } from "../../domain/clock/index.ts";
import type { Tables } from "./tables.ts";

/** The table has one row. */
const ONLY = 1;

export function clockRows(db: Kysely<Tables>): ClockRows {
  return {
    async findClock() {
      return db.selectFrom("clock").select(["seenAt", "acceptances"]).executeTakeFirst();
    },
    async putClock(row) {
      await db
        .insertInto("clock")
        .values({ id: ONLY, ...row })
        .onConflict((c) => c.column("id").doUpdateSet(row))
        .execute();
    },
  };
}

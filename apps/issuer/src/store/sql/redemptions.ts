import type { Kysely } from "kysely";
import { ENTRY_MARKS, type RedemptionRows } from "../../domain/redemptions/index.ts";
import { inserted } from "./inserted.ts";
import type { Tables } from "./tables.ts";

export function redemptionRows(db: Kysely<Tables>): RedemptionRows {
  return {
    async insertAcceptance(acceptance) {
      // No column is named, so that a conflict on either of the two unique ones counts.
      return inserted(
        await db
          .insertInto("acceptances")
          .values(acceptance)
          .onConflict((c) => c.doNothing())
          .executeTakeFirst(),
      );
    },
    findAcceptance: (deliveryId) =>
      db.selectFrom("acceptances").selectAll().where("deliveryId", "=", deliveryId).executeTakeFirst(),
    async insertRedemption(redemption) {
      return inserted(
        await db
          .insertInto("redemptions")
          .values(redemption)
          .onConflict((c) => c.columns(["reporter", "recordId"]).doNothing())
          .executeTakeFirst(),
      );
    },
    findRedemption(reporter, recordId) {
      return db
        .selectFrom("redemptions")
        .selectAll()
        .where("reporter", "=", reporter)
        .where("recordId", "=", recordId)
        .executeTakeFirst();
    },
    listRedemptions({ status, limit, before }) {
      return db
        .selectFrom("redemptions")
        .selectAll()
        .$if(status !== undefined, (q) => q.where("status", "=", status ?? "accepted"))
        .$if(before !== undefined, (q) => q.where("seq", "<", before ?? 0))
        .orderBy("seq", "desc")
        .limit(limit)
        .execute();
    },

    async insertEntry(entry) {
      return inserted(
        await db
          .insertInto("entries")
          .values({ ...entry, marks: entry.marks.join() })
          .onConflict((c) => c.columns(["reporter", "entryId"]).doNothing())
          .executeTakeFirst(),
      );
    },
    findQuota: (reporter) => db.selectFrom("quotas").selectAll().where("reporter", "=", reporter).executeTakeFirst(),
    async putQuota(quota) {
      await db
        .insertInto("quotas")
        .values(quota)
        .onConflict((c) => c.column("reporter").doUpdateSet(quota))
        .execute();
    },
    async findEntry(reporter, entryId) {
      const found = await db
        .selectFrom("entries")
        .selectAll()
        .where("reporter", "=", reporter)
        .where("entryId", "=", entryId)
        .executeTakeFirst();
      return found && { ...found, marks: ENTRY_MARKS.filter((mark) => found.marks.split(",").includes(mark)) };
    },
  };
}

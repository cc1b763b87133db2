import type { Kysely } from "kysely";
import type { AuditRows } from "../../domain/audit/index.ts";
import type { Tables } from "./tables.ts";

export function auditRows(db: Kysely<Tables>): AuditRows {
  return {
    async insertEvent(event) {
      await db.insertInto("events").values(event).execute();
    },
    listEvents({ deliveryId, limit, before }) {
      return db
        .selectFrom("events")
        .selectAll()
        .$if(deliveryId !== undefined, (q) => q.where("deliveryId", "=", deliveryId ?? ""))
        .$if(before !== undefined, (q) => q.where("seq", "<", before ?? 0))
        .orderBy("seq", "desc")
        .limit(limit)
        .execute();
    },
    async countEvents() {
      const counts = await db
        .selectFrom("events")
        .select((e) => ["kind", e.fn.countAll().as("count")])
        .groupBy("kind")
        .orderBy("kind")
        .execute();
      return counts.map(({ kind, count }) => ({ kind, count: Number(count) }));
    },
  };
}

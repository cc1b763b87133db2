import type { Kysely } from "kysely";
import type { Rows } from "../../domain/store.ts";
import { inserted } from "./inserted.ts";
import type { Tables } from "./tables.ts";

type DeliveryRows = Pick<
  Rows,
  | "insertDelivery"
  | "findDelivery"
  | "setDeliveryState"
  | "setDeliveryPhone"
  | "insertEvent"
  | "listEvents"
  | "countEvents"
>;

export function deliveryRows(db: Kysely<Tables>): DeliveryRows {
  return {
    async insertDelivery(delivery) {
      return inserted(
        await db
          .insertInto("deliveries")
          .values(delivery)
          .onConflict((c) => c.column("id").doNothing())
          .executeTakeFirst(),
      );
    },
    findDelivery: (id) => db.selectFrom("deliveries").selectAll().where("id", "=", id).executeTakeFirst(),
    async setDeliveryState(id, state) {
      await db.updateTable("deliveries").set({ state }).where("id", "=", id).execute();
    },
    async setDeliveryPhone(id, sealedPhone) {
      await db.updateTable("deliveries").set({ sealedPhone }).where("id", "=", id).execute();
    },

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

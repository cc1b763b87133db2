import type { Kysely } from "kysely";
import type { VoucherRows } from "../../domain/vouchers/index.ts";
import { inserted } from "./inserted.ts";
import { type Tables, toFlag } from "./tables.ts";

/** Deliveries, and the requests about them that came with an idempotency key. */
export function deliveryRows(
  db: Kysely<Tables>,
): Pick<
  VoucherRows,
  | "insertDelivery"
  | "findDelivery"
  | "setDeliveryState"
  | "setDeliveryPhone"
  | "setDeliveryCourier"
  | "insertIdempotency"
  | "findIdempotency"
  | "forgetIdempotency"
> {
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
    async setDeliveryCourier(id, courier) {
      await db.updateTable("deliveries").set({ courier }).where("id", "=", id).execute();
    },

    async insertIdempotency(row) {
      return inserted(
        await db
          .insertInto("idempotency")
          .values({ ...row, created: toFlag(row.created) })
          .onConflict((c) => c.column("key").doNothing())
          .executeTakeFirst(),
      );
    },
    async findIdempotency(key) {
      const row = await db.selectFrom("idempotency").selectAll().where("key", "=", key).executeTakeFirst();
      return row && { ...row, created: row.created === 1 };
    },
    async forgetIdempotency(olderThan) {
      await db.deleteFrom("idempotency").where("createdAt", "<", olderThan).execute();
    },
  };
}

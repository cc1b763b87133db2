import type { Kysely } from "kysely";
import type { DispatchRows, StopRow } from "../../domain/dispatch/index.ts";
import { inserted } from "./inserted.ts";
import { type Flag, type Tables, toFlag } from "./tables.ts";

/** Routes, their stops, and the seals of the vouchers that stand on them. */
export function routeRows(
  db: Kysely<Tables>,
): Pick<
  DispatchRows,
  | "insertRoute"
  | "findRoute"
  | "setRoute"
  | "putStop"
  | "findStop"
  | "stopsOf"
  | "staleStops"
  | "vouchersOfRoute"
  | "carriedElsewhere"
  | "vouchersToSeal"
  | "insertSeal"
> {
  return {
    async insertRoute(route) {
      return inserted(
        await db
          .insertInto("routes")
          .values(route)
          .onConflict((c) => c.column("name").doNothing())
          .executeTakeFirst(),
      );
    },
    findRoute: (name) => db.selectFrom("routes").selectAll().where("name", "=", name).executeTakeFirst(),
    async setRoute(name, change) {
      await db.updateTable("routes").set(change).where("name", "=", name).execute();
    },

    async putStop({ deliveryId, ...rest }) {
      const stop = { ...rest, forced: toFlag(rest.forced) };
      await db
        .insertInto("stops")
        .values({ deliveryId, ...stop })
        .onConflict((c) => c.column("deliveryId").doUpdateSet(stop))
        .execute();
    },
    async findStop(deliveryId) {
      const row = await db.selectFrom("stops").selectAll().where("deliveryId", "=", deliveryId).executeTakeFirst();
      return row && readStop(row);
    },
    async stopsOf(route) {
      const found = await db
        .selectFrom("stops")
        .innerJoin("deliveries", "deliveries.id", "stops.deliveryId")
        .select([...STOP, "deliveries.state", "deliveries.sealedLabel", "deliveries.sealedDetails"])
        .select(["deliveries.parcels", "deliveries.asks", "deliveries.takers"])
        .where("stops.route", "=", route)
        .orderBy("stops.position")
        .orderBy("stops.deliveryId")
        .execute();
      return found.map(readStop);
    },
    async staleStops({ before, limit }) {
      const found = await db
        .selectFrom("stops")
        .select(STOP)
        .where("stops.route", "is not", null)
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom("vouchers")
                .select("vouchers.id")
                .whereRef("vouchers.deliveryId", "=", "stops.deliveryId")
                .where("vouchers.expiresAt", ">=", before),
            ),
          ),
        )
        .limit(limit)
        .execute();
      return found.map(readStop);
    },
    vouchersOfRoute: (route) =>
      db
        .selectFrom("stops")
        .innerJoin("vouchers", "vouchers.deliveryId", "stops.deliveryId")
        .leftJoin("seals", "seals.voucherId", "vouchers.id")
        .select(["vouchers.id", "vouchers.cti", "vouchers.deliveryId", "vouchers.status", "vouchers.expiresAt"])
        .select(["seals.salt", "seals.sealed"])
        .where("stops.route", "=", route)
        .orderBy("vouchers.seq")
        .execute(),
    carriedElsewhere: ({ route, now }) =>
      db
        .selectFrom("stops")
        .innerJoin("carries", "carries.deliveryId", "stops.deliveryId")
        .innerJoin("devices", "devices.id", "carries.deviceId")
        .select(["stops.deliveryId", "devices.route"])
        .select((e) => e.fn.max("carries.until").as("until"))
        .where("stops.route", "=", route)
        .where("devices.route", "!=", route)
        .where("carries.until", ">", now)
        .whereRef("carries.version", ">=", "devices.heldVersion")
        .groupBy(["stops.deliveryId", "devices.route"])
        .orderBy("until")
        .execute(),

    vouchersToSeal: ({ now, after, limit }) =>
      db
        .selectFrom("vouchers")
        .innerJoin("stops", "stops.deliveryId", "vouchers.deliveryId")
        .innerJoin("deliveries", "deliveries.id", "vouchers.deliveryId")
        .leftJoin("seals", "seals.voucherId", "vouchers.id")
        .selectAll("vouchers")
        .where("stops.route", "is not", null)
        .where("deliveries.state", "=", "open")
        .where("vouchers.status", "=", "live")
        .where("vouchers.expiresAt", ">", now)
        .where("seals.voucherId", "is", null)
        .$if(after !== undefined, (q) =>
          q.where((e) => {
            const { id = "", expiresAt = 0 } = after ?? {};
            const later = e("vouchers.expiresAt", ">", expiresAt);
            return e.or([later, e.and([e("vouchers.expiresAt", "=", expiresAt), e("vouchers.id", ">", id)])]);
          }),
        )
        // In the order of the index by status and expiry, so that rows that are long over are not read.
        .orderBy("vouchers.expiresAt")
        .orderBy("vouchers.id")
        .limit(limit)
        .execute(),
    async insertSeal(seal) {
      return inserted(
        await db
          .insertInto("seals")
          .values(seal)
          // Only on the voucher: a salt that was used before must throw.
          .onConflict((c) => c.column("voucherId").doNothing())
          .executeTakeFirst(),
      );
    },
  };
}

const STOP = [
  "stops.deliveryId",
  "stops.route",
  "stops.position",
  "stops.forced",
  "stops.windowFrom",
  "stops.windowTo",
] as const satisfies readonly `stops.${keyof StopRow}`[];

function readStop<Row extends { readonly forced: Flag }>(row: Row): Omit<Row, "forced"> & { forced: boolean } {
  return { ...row, forced: row.forced === 1 };
}

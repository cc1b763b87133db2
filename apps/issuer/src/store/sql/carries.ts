import type { Kysely } from "kysely";
import type { DispatchRows } from "../../domain/dispatch/index.ts";
import type { Tables } from "./tables.ts";

/** What devices were handed: stops by the versions of their manifests, and the vouchers for which these stood. */
export function carryRows(
  db: Kysely<Tables>,
): Pick<DispatchRows, "putCarries" | "carriedBy" | "putCarriedVouchers" | "wasCarried" | "forgetCarries"> {
  return {
    async putCarries(carries) {
      if (carries.length === 0) return;
      await db
        .insertInto("carries")
        .values([...carries])
        .onConflict((c) =>
          c.columns(["deliveryId", "deviceId"]).doUpdateSet((e) => ({
            version: e.ref("excluded.version"),
            until: e.ref("excluded.until"),
          })),
        )
        .execute();
    },
    async carriedBy({ route, deliveryId }) {
      const { fromVersion, version } = await db
        .selectFrom("carries")
        .innerJoin("devices", "devices.id", "carries.deviceId")
        .select((e) => [e.fn.min("carries.fromVersion").as("fromVersion"), e.fn.max("carries.version").as("version")])
        .where("carries.deliveryId", "=", deliveryId)
        .where("devices.route", "=", route)
        .executeTakeFirstOrThrow();
      return fromVersion === null || version === null ? undefined : { fromVersion, version };
    },
    async putCarriedVouchers(carried) {
      if (carried.length === 0) return;
      await db
        .insertInto("carriedVouchers")
        .values([...carried])
        .onConflict((c) =>
          c.columns(["voucherId", "deviceId"]).doUpdateSet((e) => ({ until: e.ref("excluded.until") })),
        )
        .execute();
    },
    async wasCarried({ route, voucherId }) {
      const found = await db
        .selectFrom("carriedVouchers")
        .innerJoin("devices", "devices.id", "carriedVouchers.deviceId")
        .select("devices.id")
        .where("carriedVouchers.voucherId", "=", voucherId)
        .where("devices.route", "=", route)
        .executeTakeFirst();
      return found !== undefined;
    },
    async forgetCarries(olderThan) {
      await db.deleteFrom("carries").where("until", "<", olderThan).execute();
      await db.deleteFrom("carriedVouchers").where("until", "<", olderThan).execute();
    },
  };
}

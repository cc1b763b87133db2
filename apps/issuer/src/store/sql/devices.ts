import type { Kysely } from "kysely";
import type { DispatchRows } from "../../domain/dispatch/index.ts";
import type { Tables } from "./tables.ts";

/** Devices, and the numbers of what they sent. */
export function deviceRows(
  db: Kysely<Tables>,
): Pick<
  DispatchRows,
  "insertDevice" | "findDevice" | "findDeviceByToken" | "deviceOf" | "listDevices" | "setDevice" | "seqsOf"
> {
  return {
    async insertDevice(device) {
      await db.insertInto("devices").values(device).execute();
    },
    findDevice: (id) => db.selectFrom("devices").selectAll().where("id", "=", id).executeTakeFirst(),
    findDeviceByToken: (tokenHash) =>
      db.selectFrom("devices").selectAll().where("tokenHash", "=", tokenHash).executeTakeFirst(),
    deviceOf: (route) =>
      db.selectFrom("devices").selectAll().where("route", "=", route).where("revokedAt", "is", null).executeTakeFirst(),
    listDevices: () => db.selectFrom("devices").selectAll().orderBy("enrolledAt", "desc").orderBy("id").execute(),
    async setDevice(id, change) {
      await db.updateTable("devices").set(change).where("id", "=", id).execute();
    },

    async seqsOf(reporter, { from }) {
      const found = await db
        .selectFrom("redemptions")
        .select("deviceSeq")
        .where("reporter", "=", reporter)
        .where("deviceSeq", ">=", from)
        .union(
          db.selectFrom("entries").select("deviceSeq").where("reporter", "=", reporter).where("deviceSeq", ">=", from),
        )
        .orderBy("deviceSeq")
        .execute();
      return found.flatMap(({ deviceSeq }) => deviceSeq ?? []);
    },
  };
}

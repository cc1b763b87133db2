import type { Kysely } from "kysely";
import type { Rows } from "../../domain/store.ts";
import { inserted } from "./inserted.ts";
import type { Tables } from "./tables.ts";

type DeviceRows = Pick<
  Rows,
  | "insertDevice"
  | "findDevice"
  | "findDeviceByToken"
  | "deviceOf"
  | "listDevices"
  | "setDevice"
  | "insertEnrolment"
  | "takeEnrolment"
  | "dropEnrolments"
  | "putCarries"
  | "findCarry"
  | "forgetCarries"
  | "insertEntry"
  | "seqsOf"
>;

export function deviceRows(db: Kysely<Tables>): DeviceRows {
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

    async insertEnrolment(enrolment) {
      await db.insertInto("enrolments").values(enrolment).execute();
    },
    // One statement: of two phones that scan the same link, one gets the row.
    takeEnrolment: ({ tokenHash, now }) =>
      db
        .deleteFrom("enrolments")
        .where("tokenHash", "=", tokenHash)
        .where("expiresAt", ">", now)
        .returningAll()
        .executeTakeFirst(),
    async dropEnrolments(route) {
      await db.deleteFrom("enrolments").where("route", "=", route).execute();
    },

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
    findCarry: ({ deviceId, deliveryId }) =>
      db
        .selectFrom("carries")
        .selectAll()
        .where("deliveryId", "=", deliveryId)
        .where("deviceId", "=", deviceId)
        .executeTakeFirst(),
    async forgetCarries(olderThan) {
      await db.deleteFrom("carries").where("until", "<", olderThan).execute();
    },

    async insertEntry(entry) {
      return inserted(
        await db
          .insertInto("entries")
          .values(entry)
          .onConflict((c) => c.columns(["reporter", "entryId"]).doNothing())
          .executeTakeFirst(),
      );
    },
    async seqsOf(reporter) {
      const found = await db
        .selectFrom("redemptions")
        .select("deviceSeq")
        .where("reporter", "=", reporter)
        .where("deviceSeq", "is not", null)
        .union(db.selectFrom("entries").select("deviceSeq").where("reporter", "=", reporter))
        .orderBy("deviceSeq")
        .execute();
      return found.flatMap(({ deviceSeq }) => deviceSeq ?? []);
    },
  };
}

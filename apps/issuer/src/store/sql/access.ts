import { PERMISSIONS } from "@doorproof/api/lists";
import type { Kysely } from "kysely";
import type { AccessRows, ApiKeyRow } from "../../domain/access/index.ts";
import type { Tables } from "./tables.ts";

export function accessRows(db: Kysely<Tables>): AccessRows {
  return {
    async insertApiKey(key) {
      await db
        .insertInto("apiKeys")
        .values({ ...key, permissions: key.permissions.join(",") })
        .execute();
    },
    async findApiKey(tokenHash) {
      const row = await db.selectFrom("apiKeys").selectAll().where("tokenHash", "=", tokenHash).executeTakeFirst();
      return row && readApiKey(row);
    },
    async apiKeys() {
      return (await db.selectFrom("apiKeys").selectAll().execute()).map(readApiKey);
    },
    async setApiKey(id, change) {
      await db.updateTable("apiKeys").set(change).where("id", "=", id).execute();
    },

    async insertEnrolment(enrolment) {
      await db.insertInto("enrolments").values(enrolment).execute();
    },
    // One statement, so that of two phones that scan the same link only one gets the row.
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
  };
}

// In the list's order, and nothing that is not in it: whoever wrote past us gave no permission that we do not know.
function readApiKey(row: Tables["apiKeys"]): ApiKeyRow {
  const told = row.permissions.split(",");
  return { ...row, permissions: PERMISSIONS.filter((permission) => told.includes(permission)) };
}

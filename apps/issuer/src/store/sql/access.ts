import { SCOPES } from "@doorproof/api/lists";
import type { Kysely } from "kysely";
import type { AccessRows } from "../../domain/access/index.ts";
import type { Tables } from "./tables.ts";

export function accessRows(db: Kysely<Tables>): AccessRows {
  return {
    async insertApiKey(key) {
      await db
        .insertInto("apiKeys")
        .values({ ...key, scopes: key.scopes.join(",") })
        .execute();
    },
    async findApiKey(tokenHash) {
      const row = await db.selectFrom("apiKeys").selectAll().where("tokenHash", "=", tokenHash).executeTakeFirst();
      // In the list's order, and nothing that is not in it: whoever wrote past us gave no scope that we do not know.
      return row && { ...row, scopes: SCOPES.filter((scope) => row.scopes.split(",").includes(scope)) };
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

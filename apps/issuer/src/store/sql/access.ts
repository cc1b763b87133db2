import type { Kysely } from "kysely";
import type { Rows } from "../../domain/store.ts";
import { inserted } from "./inserted.ts";
import type { Tables } from "./tables.ts";

type AccessRows = Pick<
  Rows,
  "insertApiKey" | "findApiKey" | "insertIdempotency" | "findIdempotency" | "forgetIdempotency"
>;

export function accessRows(db: Kysely<Tables>): AccessRows {
  return {
    async insertApiKey(key) {
      await db.insertInto("apiKeys").values(key).execute();
    },
    findApiKey: (tokenHash) =>
      db.selectFrom("apiKeys").selectAll().where("tokenHash", "=", tokenHash).executeTakeFirst(),
    async insertIdempotency(row) {
      return inserted(
        await db
          .insertInto("idempotency")
          .values(row)
          .onConflict((c) => c.column("key").doNothing())
          .executeTakeFirst(),
      );
    },
    findIdempotency: (key) => db.selectFrom("idempotency").selectAll().where("key", "=", key).executeTakeFirst(),
    async forgetIdempotency(olderThan) {
      await db.deleteFrom("idempotency").where("createdAt", "<", olderThan).execute();
    },
  };
}

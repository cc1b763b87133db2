import type { Kysely } from "kysely";
import type { MessageRows, SmsRow } from "../../domain/messages/index.ts";
import type { Tables } from "./tables.ts";

export function messageRows(db: Kysely<Tables>): MessageRows {
  return {
    async insertSms(sms) {
      await db
        .insertInto("sms")
        .values({ ...sms, leaseUntil: 0 })
        .execute();
    },
    smsOf: (voucherId) =>
      db
        .selectFrom("sms")
        .select(COLUMNS)
        .where("voucherId", "=", voucherId)
        .orderBy("createdAt")
        .orderBy("id")
        .execute(),
    // One statement, so that no two workers find the same row.
    leaseSms({ now, until }) {
      return db
        .updateTable("sms")
        .set((e) => ({ leaseUntil: until, attempts: e("attempts", "+", 1) }))
        .where("id", "=", (e) =>
          e
            .selectFrom("sms as due")
            .select("due.id")
            .where("due.state", "=", "waiting")
            .where("due.dueAt", "<=", now)
            .where("due.leaseUntil", "<=", now)
            .orderBy("due.dueAt")
            .limit(1),
        )
        .returning(COLUMNS)
        .executeTakeFirst();
    },
    async oldestDueSms(now) {
      const due = db
        .selectFrom("sms")
        .select((e) => e.fn.min("dueAt").as("dueAt"))
        .where("state", "=", "waiting")
        .where("dueAt", "<=", now);
      return (await due.executeTakeFirst())?.dueAt ?? undefined;
    },
    async setSms(id, change) {
      await db
        .updateTable("sms")
        .set({ ...change, leaseUntil: 0 })
        .where("id", "=", id)
        .execute();
    },
    async dropSms(voucherId) {
      await db
        .updateTable("sms")
        .set({ state: "dropped" })
        .where("voucherId", "=", voucherId)
        .where("state", "=", "waiting")
        .execute();
    },
  };
}

const COLUMNS = [
  "id",
  "voucherId",
  "state",
  "dueAt",
  "attempts",
  "createdAt",
  "sentAt",
] as const satisfies readonly (keyof SmsRow)[];

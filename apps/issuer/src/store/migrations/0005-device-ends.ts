import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export function deviceEnds(): Migration {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not today's.
    async up(db: Kysely<any>): Promise<void> {
      await db.schema
        .alterTable("devices")
        .addColumn("ended_by", "text", (c) => c.check(sql`ended_by in ('replaced', 'revoked')`))
        .execute();
      // What was not written down is seen from the next one: it was enrolled in that very second.
      await sql`
        update devices set ended_by = case when exists (
          select 1 from devices as successor
          where successor.route = devices.route and successor.enrolled_at = devices.revoked_at and successor.id <> devices.id
        ) then 'replaced' else 'revoked' end
        where revoked_at is not null
      `.execute(db);
    },
  };
}

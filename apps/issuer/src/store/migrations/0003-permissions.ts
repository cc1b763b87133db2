import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * API keys by permission, with a name, an end and a courier. A key made before keeps the work that its scope was for, and
 * loses what no scope means any more: to read every live code, the audit trail, the metrics. A leaked one could.
 */
export function permissions(): Migration {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not today's.
    async up(db: Kysely<any>): Promise<void> {
      const table = () => db.schema.alterTable("api_keys");
      await table().renameColumn("label", "name").execute();
      await db.updateTable("api_keys").set({ name: "unnamed" }).where("name", "is", null).execute();
      await table().renameColumn("scopes", "permissions").execute();
      for (const [scopes, permissions] of Object.entries(OF_SCOPES))
        await db.updateTable("api_keys").set({ permissions }).where("permissions", "=", scopes).execute();
      await table().addColumn("courier", "text").execute();
      for (const time of ["expires_at", "revoked_at", "last_used_at"])
        await table().addColumn(time, "bigint").execute();
    },
  };
}

const VOUCHERS = "read,issue,message,withdraw,routes,devices,import";

/** As the scopes stood in the column, in their order. */
const OF_SCOPES = { vouchers: VOUCHERS, redeem: "redeem", "vouchers,redeem": `${VOUCHERS},redeem` };

import Database from "better-sqlite3";

export interface UnboundKey {
  readonly id: string;
  readonly name: string;
}

/**
 * API keys that may redeem and name no courier, since they were made before that was asked for. It reads and changes
 * nothing, so the database may be one of an earlier version.
 * @throws {Error} there is no database in the file
 */
export function readUnboundKeys(path: string): readonly UnboundKey[] {
  const database = new Database(path, { readonly: true });
  try {
    const columns = new Set(database.prepare("select name from pragma_table_info('api_keys')").pluck().all());
    if (columns.size === 0) return [];
    const query = columns.has("courier")
      ? "select id, name, permissions as may from api_keys where courier is null and revoked_at is null"
      : "select id, coalesce(label, 'unnamed') as name, scopes as may from api_keys";
    const rows = database.prepare<[], UnboundKey & { readonly may: string }>(query).all();
    return rows.filter(({ may }) => may.split(",").includes("redeem")).map(({ id, name }) => ({ id, name }));
  } finally {
    database.close();
  }
}

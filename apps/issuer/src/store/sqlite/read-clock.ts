import Database from "better-sqlite3";

interface SeenClock {
  /** Seconds since 1970. */
  readonly seenAt: number;
  readonly acceptances: number;
}

/**
 * The clock's row, read without changing anything, so the database may be one of an earlier version.
 * @returns undefined: no issuer has run on it yet, or none that kept its time there
 * @throws {Error} there is no database in the file
 */
export function readClock(path: string): SeenClock | undefined {
  const database = new Database(path, { readonly: true });
  try {
    const columns = database.prepare("select name from pragma_table_info('clock')").pluck().all();
    if (columns.length === 0) return undefined;
    return database.prepare<[], SeenClock>("select seen_at as seenAt, acceptances from clock").get();
  } finally {
    database.close();
  }
}

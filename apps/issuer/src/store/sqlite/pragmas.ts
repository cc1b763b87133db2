import type Database from "better-sqlite3";

/** @throws {Error} one of them has no effect: SQLite itself reports that as success */
export function setPragmas(database: Database.Database): void {
  for (const [pragma, { set, is }] of Object.entries(PRAGMAS)) {
    database.pragma(`${pragma} = ${set}`);
    const found = database.pragma(pragma, { simple: true });
    // On a network drive a file silently stays without WAL.
    if (found !== is) throw new Error(`${database.name}: ${pragma} is ${String(found)} and must be ${is}`);
  }
}

const PRAGMAS = {
  journal_mode: { set: "WAL", is: "wal" },
  // FULL: in WAL mode NORMAL may lose what was committed last when the power goes, after it was answered.
  synchronous: { set: "FULL", is: 2 },
  foreign_keys: { set: "ON", is: 1 },
  // What is deleted or overwritten is overwritten with zeros: else it stays readable in the file until its page is used
  // again, which may be never.
  secure_delete: { set: "ON", is: 1 },
  // Milliseconds that one process waits for another's transaction.
  busy_timeout: { set: "10000", is: 10_000 },
} as const;

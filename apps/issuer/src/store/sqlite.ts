import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import {
  CamelCasePlugin,
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from "kysely";
import { migrate } from "./migrations/index.ts";
import { rowsOf } from "./sql/rows.ts";
import type { Tables } from "./sql/tables.ts";
import type { Store } from "./store.ts";

/**
 * Opens the issuer's database in one file; several processes may have it open.
 * @param path of the file; made, with its folder, when it is not there
 */
export async function openSqlite(path: string): Promise<Store> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new Database(path);
  try {
    for (const [pragma, { set, is }] of Object.entries(PRAGMAS)) {
      database.pragma(`${pragma} = ${set}`);
      const found = database.pragma(pragma, { simple: true });
      // SQLite reports no error when a pragma has no effect: on a network drive a file silently stays without WAL.
      if (found !== is) throw new Error(`${path}: ${pragma} is ${String(found)} and must be ${is}`);
    }
    const db = new Kysely<Tables>({ dialect: new ImmediateDialect({ database }), plugins: [new CamelCasePlugin()] });
    await migrate(db, { seq: "integer" });
    return {
      ...rowsOf(db),
      transaction: (work) => db.transaction().execute((transaction) => work(rowsOf(transaction))),
      close: () => db.destroy(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

const PRAGMAS = {
  journal_mode: { set: "WAL", is: "wal" },
  // FULL: in WAL mode NORMAL may lose what was committed last when the power goes, after it was answered.
  synchronous: { set: "FULL", is: 2 },
  foreign_keys: { set: "ON", is: 1 },
  // Milliseconds that one process waits for another's transaction.
  busy_timeout: { set: "10000", is: 10_000 },
} as const;

/**
 * kysely begins transactions deferred: they read without a lock, and if another process has written meanwhile, the
 * first write fails at once, without waiting (SQLITE_BUSY_SNAPSHOT). Begun immediate, the second writer waits.
 */
class ImmediateDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#config);
  }
}

class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }
}

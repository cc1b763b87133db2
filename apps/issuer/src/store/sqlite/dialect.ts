import type Database from "better-sqlite3";
import {
  CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from "kysely";
import { StorageError } from "../../domain/errors.ts";

/** kysely's dialect for SQLite, with transactions that wait for each other and errors that say what failed first. */
export class IssuerDialect extends SqliteDialect {
  readonly #config: Config;

  constructor(config: Config) {
    super(config);
    this.#config = config;
  }

  override createDriver(): SqliteDriver {
    return new Driver(this.#config);
  }
}

type Config = SqliteDialectConfig & { readonly database: Database.Database };

class Driver extends SqliteDriver {
  readonly #database: Database.Database;

  constructor(config: Config) {
    super(config);
    this.#database = config.database;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return new Connection(await super.acquireConnection());
  }

  /**
   * kysely begins transactions deferred: they read without a lock, and if another process has written meanwhile, the
   * first write fails at once, without waiting (SQLITE_BUSY_SNAPSHOT). Begun immediate, the second writer waits.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  /**
   * On a full disk SQLite has rolled back by itself, and a second rollback fails: "no transaction is active" was all
   * that the log then held, and SQLITE_FULL nowhere.
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** Says of what SQLite throws whether it is the disk: no caller above knows SQLite's codes. */
class Connection implements DatabaseConnection {
  readonly #inner: DatabaseConnection;

  constructor(inner: DatabaseConnection) {
    this.#inner = inner;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.#inner.executeQuery(query);
    } catch (error) {
      throw translate(error);
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.#inner.streamQuery(query, chunkSize);
  }
}

/** @returns a StorageError for what the disk is to blame for, else what was thrown */
export function translate(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "SQLITE_FULL") return new StorageError("full", "the disk is full", { cause: error });
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB)/.test(code))
    return new StorageError("failed", "the database cannot be read or written", { cause: error });
  return error;
}

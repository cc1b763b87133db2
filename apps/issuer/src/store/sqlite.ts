import Database from "better-sqlite3";
import { CamelCasePlugin, Kysely } from "kysely";
import { migrate } from "./migrations/index.ts";
import { rowsOf } from "./sql/rows.ts";
import type { Tables } from "./sql/tables.ts";
import { IssuerDialect, translate } from "./sqlite/dialect.ts";
import { prepareFile } from "./sqlite/file.ts";
import { setPragmas } from "./sqlite/pragmas.ts";
import type { Store } from "./store.ts";

/**
 * Opens the issuer's database in one file; several processes may have it open.
 * @param path of the file; made, with its folder, when it is not there
 * @param pages how large it may grow, in pages of 4 KiB; for tests, which have no disk that fills up
 * @throws {StorageError} `failed`: it cannot be written
 */
export async function openSqlite(path: string, { pages }: { readonly pages?: number } = {}): Promise<Store> {
  prepareFile(path);
  const database = new Database(path);
  try {
    setPragmas(database);
    const db = new Kysely<Tables>({ dialect: new IssuerDialect({ database }), plugins: [new CamelCasePlugin()] });
    await migrate(db, { seq: "integer" });
    if (pages !== undefined) database.pragma(`max_page_count = ${pages}`);
    return {
      ...rowsOf(db),
      transaction: (work) => db.transaction().execute((transaction) => work(rowsOf(transaction))),
      // Two transactions: what is inserted must be written whole before it goes, or no page of it ever reaches the disk.
      async proveWrite() {
        await db
          .insertInto("proofs")
          .values({ filler: new Uint8Array(PROOF_LENGTH) })
          .execute();
        await db.deleteFrom("proofs").execute();
      },
      emptyLog: async () => emptyLog(database),
      rewrite: async () => vacuum(database) && emptyLog(database),
      close: () => db.destroy(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Bytes: more than any one request writes, so that the proof fails before requests do. */
const PROOF_LENGTH = 65_536;

function emptyLog(database: Database.Database): boolean {
  const [{ busy } = { busy: 1 }] = database.pragma("wal_checkpoint(truncate)") as { readonly busy: number }[];
  return busy === 0;
}

// secure_delete is not enough: where SQLite splits a page, a copy of a row can stay in the gap between its pointers and
// its cells, and no delete reaches that. Of 3,000 IDs that were erased, two to four stood there still.
function vacuum(database: Database.Database): boolean {
  try {
    database.exec("vacuum");
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY")) return false;
    throw translate(error);
  }
}

import { join } from "node:path";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { Migrator } from "kysely/migration";
import { expect, onTestFinished, test } from "vitest";
import { books } from "../src/store/migrations/0001-books.ts";
import { dispatch } from "../src/store/migrations/0002-dispatch.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { makeFolder } from "./world.ts";

// What a database of an earlier version did not write down, and today's asks for, is told from what it did.

test("which vouchers went out, and how each device's token ended", async () => {
  const path = join(makeFolder(), "doorproof.sqlite");
  const before = new Kysely({ dialect: new SqliteDialect({ database: new Database(path) }) });
  const migrations = { "0001-books": books("integer"), "0002-dispatch": dispatch() };
  await new Migrator({ db: before, provider: { getMigrations: async () => migrations } }).migrateToLatest();
  await before.destroy();
  const db = new Database(path);
  db.exec("insert into routes values ('north', '44', 200, 200, 900, null), ('south', '44', 0, 0, 0, null)");
  db.exec("insert into deliveries values ('D', 'open', 'sealed', null, 'en', 'mac', 100)");
  const voucher = db.prepare(
    "insert into vouchers (id, kid, cti, delivery_id, expires_at, status, issued_at, ended_at, code_secret_id, link_hash) values (?, 'k', ?, 'D', 900, ?, ?, ?, 's', ?)",
  );
  const vouchers = [
    ["long before", "superseded", 100, 150],
    ["as it went out", "superseded", 150, 210],
    ["meanwhile", "superseded", 210, 300],
    ["since", "live", 300, null],
  ] as const;
  for (const [id, status, issuedAt, endedAt] of vouchers) voucher.run(id, id, status, issuedAt, endedAt, id);
  const device = db.prepare("insert into devices values (?, ?, ?, ?, 0, ?, 0, 0, 0)");
  device.run("first", "north", "1", 100, 400);
  device.run("second", "north", "2", 400, 500);
  device.run("third", "north", "3", 600, null);
  device.run("other", "south", "4", 500, null);
  db.exec("insert into carries values ('first', 'D', 200, 250, 900)");
  db.close();

  const store = await openSqlite(path);
  onTestFinished(() => store.close());
  const carried = vouchers.map(([voucherId]) => store.wasCarried({ route: "north", voucherId }));
  expect(await Promise.all(carried)).toEqual([false, true, true, false]);
  const ends = (await store.listDevices()).map(({ id, endedBy }) => [id, endedBy]);
  expect(Object.fromEntries(ends)).toEqual({ first: "replaced", second: "revoked", third: null, other: null });
});

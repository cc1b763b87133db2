import { join } from "node:path";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { Migrator } from "kysely/migration";
import { expect, onTestFinished, test } from "vitest";
import { books } from "../src/store/migrations/0001-books.ts";
import { readUnboundKeys } from "../src/store/sqlite/unbound-keys.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { dispatchContract } from "./store-dispatch.contract.ts";
import { makeFolder } from "./world.ts";

dispatchContract("SQLite", () => open(join(makeFolder(), "data", "doorproof.sqlite")));

async function open(path: string) {
  const store = await openSqlite(path);
  onTestFinished(() => store.close());
  return store;
}

test("a database of the first version gets the new tables and keeps what it holds", async () => {
  const path = join(makeFolder(), "doorproof.sqlite");
  const first = new Kysely({ dialect: new SqliteDialect({ database: new Database(path) }) });
  const provider = { getMigrations: async () => ({ "0001-books": books("integer") }) };
  await new Migrator({ db: first, provider }).migrateToLatest();
  await first.destroy();
  const db = new Database(path);
  const insert = db.prepare("insert into api_keys (id, token_hash, scopes, label, created_at) values (?, ?, ?, ?, 1)");
  insert.run("a", "hash a", "vouchers", "back office");
  insert.run("b", "hash b", "redeem", null);
  insert.run("c", "hash c", "vouchers,redeem", null);
  db.close();
  const unbound = [
    { id: "b", name: "unnamed" },
    { id: "c", name: "unnamed" },
  ];
  expect(readUnboundKeys(path)).toEqual(unbound);
  const store = await open(path);
  expect(readUnboundKeys(path)).toEqual(unbound);
  await store.setApiKey("b", { revokedAt: 2 });
  expect(readUnboundKeys(path)).toEqual(unbound.slice(1));
  await store.setApiKey("b", { revokedAt: null });
  expect(await store.listDevices()).toEqual([]);
  // The work that each scope was for, and no secrets; couriers were not asked for then.
  const before = { courier: null, createdAt: 1, expiresAt: null, revokedAt: null, lastUsedAt: null };
  const ofVouchers = ["read", "issue", "message", "withdraw", "routes", "devices"];
  expect(await store.apiKeys()).toEqual([
    { id: "a", tokenHash: "hash a", name: "back office", permissions: [...ofVouchers, "import"], ...before },
    { id: "b", tokenHash: "hash b", name: "unnamed", permissions: ["redeem"], ...before },
    { id: "c", tokenHash: "hash c", name: "unnamed", permissions: [...ofVouchers, "redeem", "import"], ...before },
  ]);
});

test("the numbers of a device are read from the one asked for on, by an index", async () => {
  const path = join(makeFolder(), "doorproof.sqlite");
  await (await open(path)).seqsOf("device:a", { from: 0 });
  const database = new Database(path, { readonly: true });
  onTestFinished(() => void database.close());
  for (const table of ["redemptions", "entries"]) {
    const query = `explain query plan select device_seq from ${table} where reporter = 'device:a' and device_seq >= 500`;
    const [step] = database.prepare(query).all();
    const detail = expect.stringContaining(`${table}_by_number (reporter=? AND device_seq>?)`);
    expect([table, step]).toEqual([table, expect.objectContaining({ detail })]);
  }
});

import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { openSqlite } from "../src/store/sqlite.ts";
import { dispatchContract } from "./store-dispatch.contract.ts";
import { makeFolder } from "./world.ts";

dispatchContract("SQLite", () => open(join(makeFolder(), "data", "doorproof.sqlite")));

async function open(path: string) {
  const store = await openSqlite(path);
  onTestFinished(() => store.close());
  return store;
}

test("a database of the version before gets the new tables and keeps what it holds", async () => {
  const path = join(makeFolder(), "doorproof.sqlite");
  const first = await openSqlite(path);
  await first.insertApiKey({ id: "k", tokenHash: "h", scopes: ["redeem"], label: null, createdAt: 1 });
  await first.close();
  // As it was before: the tables and the note that they were made are taken away.
  const db = new Database(path);
  for (const table of ["entries", "carries", "enrolments", "devices", "seals", "stops", "routes"])
    db.exec(`drop table ${table}`);
  db.exec("delete from kysely_migration where name = '0002-dispatch'");
  db.close();
  const store = await open(path);
  expect(await store.findApiKey("h")).toMatchObject({ id: "k" });
  expect(await store.listDevices()).toEqual([]);
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { setPragmas } from "../src/store/sqlite/pragmas.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { apiKey, storeContract } from "./store.contract.ts";
import { makeFolder } from "./world.ts";

storeContract("SQLite", () => open(join(makeFolder(), "data", "doorproof.sqlite")));

async function open(path: string) {
  const store = await openSqlite(path);
  onTestFinished(() => store.close());
  return store;
}

test("makes its folder, for its owner alone", async () => {
  const folder = makeFolder();
  await open(join(folder, "data", "doorproof.sqlite"));
  expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
});

test("keeps a write-ahead log", async () => {
  const path = join(makeFolder(), "doorproof.sqlite");
  const store = await open(path);
  await store.insertEvent({
    at: 1,
    kind: "sms-sent",
    deliveryId: null,
    voucherId: null,
    actorKind: "clock",
    actorId: "a",
    sealedReason: null,
  });
  expect(existsSync(`${path}-wal`)).toBe(true);
});

test("does not open where the write-ahead log does not take", () => {
  const database = new Database(":memory:");
  onTestFinished(() => void database.close());
  expect(() => setPragmas(database)).toThrow(/journal_mode is memory and must be wal/);
});

test("does not open a file that is no database", async () => {
  await expect(openSqlite(new URL(import.meta.url).pathname)).rejects.toThrow(/not a database/);
});

test("opened again finds what it kept", async () => {
  const path = join(makeFolder(), "doorproof.sqlite");
  const first = await openSqlite(path);
  await first.insertApiKey(apiKey("k", "h"));
  await first.close();
  expect(await (await open(path)).findApiKey("h")).toMatchObject({ id: "k" });
});

test("a writer in another process is waited for, though we have read", async () => {
  const path = join(makeFolder(), "doorproof.sqlite");
  const store = await open(path);
  // The other process holds the database for a moment; begun deferred, ours would read and then fail at once
  // (SQLITE_BUSY_SNAPSHOT).
  const other = spawn(
    process.execPath,
    ["--input-type=module", "-e", HOLD, import.meta.resolve("better-sqlite3"), path],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(other.stdout, "data");
  const kind = await store.transaction(async (rows) => {
    const [last] = await rows.listEvents({ limit: 1 });
    await rows.insertEvent({
      at: 2,
      kind: "sms-failed",
      deliveryId: null,
      voucherId: null,
      actorKind: "clock",
      actorId: "a",
      sealedReason: null,
    });
    return last?.kind;
  });
  expect(kind).toBe("sms-sent");
});

const HOLD = `
const { default: Database } = await import(process.argv[1]);
const db = new Database(process.argv[2]);
db.exec("begin immediate");
db.exec("insert into events (at, kind, actor_kind, actor_id) values (1, 'sms-sent', 'clock', 'a')");
process.stdout.write("held\\n");
setTimeout(() => db.exec("commit"), 300);
`;

test("its two nets are in the database itself", async () => {
  const path = join(makeFolder(), "doorproof.sqlite");
  await open(path);
  const db = new Database(path, { readonly: true });
  onTestFinished(() => void db.close());
  const indexes = db
    .prepare("select name from sqlite_master where type = 'index' and sql like '%unique%'")
    .pluck()
    .all();
  expect(indexes).toContain("one_live_voucher");
});

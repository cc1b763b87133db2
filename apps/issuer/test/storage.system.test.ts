import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { StorageError } from "../src/domain/errors.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { makeHttpWorld, ORDER } from "./http-world.ts";
import { makeFolder } from "./world.ts";

test.each([
  ["a folder that is made", undefined, undefined],
  ["a folder that was there and that all can read", 0o755, undefined],
  ["a file of an earlier version in it", 0o755, 0o644],
])("the database is closed to others: %s", async (_, folderMode, fileMode) => {
  const folder = join(makeFolder(), "data");
  if (folderMode !== undefined) mkdirSync(folder, { mode: folderMode });
  const path = join(folder, "doorproof.sqlite");
  if (fileMode !== undefined) writeFileSync(path, "", { mode: fileMode });
  const store = await openSqlite(path);
  onTestFinished(() => store.close());
  await store.proveWrite();
  for (const file of [path, `${path}-wal`, `${path}-shm`])
    expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600]);
});

test("a folder that cannot be written is named, with the reason", async () => {
  const folder = join(makeFolder(), "data");
  mkdirSync(folder, { mode: 0o555 });
  await asNobody(async () => {
    const opening = openSqlite(join(folder, "doorproof.sqlite"));
    await expect(opening).rejects.toMatchObject({
      name: "StorageError",
      code: "failed",
      message: `${folder}: this user may not write there (EACCES)`,
    });
  });
});

test("a file that cannot be written is named, with the reason", async () => {
  const path = join(makeFolder(), "doorproof.sqlite");
  mkdirSync(path);
  await expect(openSqlite(path)).rejects.toMatchObject({ code: "failed", message: `${path}: it is a folder (EISDIR)` });
});

test("a full disk is 507 and not ready, the log holds its first cause, and what was answered is there", async () => {
  const path = join(makeFolder(), "full", "doorproof.sqlite");
  const small = await openSqlite(path, { pages: 90 });
  const { call, app, log, clock } = await makeHttpWorld({
    change: (deps) => ({ ...deps, store: { ...small, findApiKey: deps.store.findApiKey } }),
  });
  expect((await app.inject("/readyz")).statusCode).toBe(200);

  const taken: string[] = [];
  let last = await call("POST", "/v1/vouchers", ORDER);
  for (let i = 0; last.statusCode === 201; i++) {
    taken.push(last.json().deliveryId);
    last = await call("POST", "/v1/vouchers", { ...ORDER, deliveryId: `D${i}`, label: "x".repeat(200) });
  }
  expect(taken.length).toBeGreaterThan(3);
  expect([last.statusCode, last.json().code]).toEqual([507, "storage-full"]);
  expect(log.join("")).toContain("SQLITE_FULL");
  expect(log.join("")).not.toContain("cannot rollback");

  clock.now += 1;
  const ready = await app.inject("/readyz");
  expect([ready.statusCode, ready.json().checks.database]).toEqual([503, false]);
  expect((await app.inject("/livez")).statusCode).toBe(200);
  const shown = await call("GET", "/v1/vouchers?limit=1");
  expect(shown.statusCode).toBe(200);

  await small.close();
  const roomy = await openSqlite(path);
  onTestFinished(() => roomy.close());
  for (const id of taken) expect(await roomy.findDelivery(id)).toMatchObject({ id });
  await roomy.proveWrite();
});

test("a disk that fails is 503, and its cause in the log", async () => {
  const cause = Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR_WRITE" });
  const { call, log } = await makeHttpWorld({
    change: (deps) => ({
      ...deps,
      store: { ...deps.store, transaction: () => Promise.reject(new StorageError("failed", "no", { cause })) },
    }),
  });
  const answer = await call("POST", "/v1/vouchers", ORDER);
  expect([answer.statusCode, answer.json().code]).toEqual([503, "storage-failed"]);
  expect(log.join("")).toContain("SQLITE_IOERR_WRITE");
});

test("readiness is proved once a second, however often strangers ask", async () => {
  let proofs = 0;
  const { app, clock } = await makeHttpWorld({
    change: (deps) => ({
      ...deps,
      store: {
        ...deps.store,
        async proveWrite() {
          proofs += 1;
        },
      },
    }),
  });
  for (let i = 0; i < 5; i++) expect((await app.inject("/readyz")).statusCode).toBe(200);
  expect(proofs).toBe(1);
  clock.now += 1;
  await app.inject("/readyz");
  expect(proofs).toBe(2);
});

/** Root may write everywhere: what is to fail for want of a right is done as somebody who has none. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

// Where SQLite splits a page, a copy of a row can stay in the gap between the page's pointers and its cells, which
// secure_delete does not reach: of 3,000 IDs that were erased among 9,000, two to four stood there still. It is put there
// by hand here, since the next version may leave it elsewhere.
test("written anew, no page holds what was left in its gap", async () => {
  const path = join(makeFolder(), "doorproof.sqlite");
  await (await openSqlite(path)).close();
  const bytes = readFileSync(path);
  bytes.write("LEFT-BEHIND", gapIn(bytes));
  writeFileSync(path, bytes);
  const store = await openSqlite(path);
  onTestFinished(() => store.close());
  await store.proveWrite();
  expect(await store.emptyLog()).toBe(true);
  expect(readFileSync(path).includes("LEFT-BEHIND")).toBe(true);
  expect(await store.rewrite()).toBe(true);
  expect(readFileSync(path).includes("LEFT-BEHIND")).toBe(false);
  expect(readFileSync(`${path}-wal`).length).toBe(0);
});

test("an issuer that is writing is waited for, and what cannot be written anew is said", async () => {
  const path = join(makeFolder(), "doorproof.sqlite");
  const store = await openSqlite(path);
  onTestFinished(() => store.close());
  const other = new Database(path);
  onTestFinished(() => void other.close());
  other.exec("begin immediate");
  expect(await store.rewrite()).toBe(false);
  other.exec("rollback");
  expect(await store.rewrite()).toBe(true);
});

/** Offset of unused bytes between the pointers and the cells of a leaf of the last table. */
function gapIn(bytes: Buffer): number {
  for (let page = bytes.length - 4096; page > 0; page -= 4096) {
    const [pointers, cells] = [8 + 2 * bytes.readUInt16BE(page + 3), bytes.readUInt16BE(page + 5)];
    if ([10, 13].includes(bytes[page] ?? 0) && cells - pointers > 1000) return page + cells - 500;
  }
  throw new Error("no page has a gap");
}

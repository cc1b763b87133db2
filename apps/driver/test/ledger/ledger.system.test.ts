import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type Browser, chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchChromium } from "../../../../tools/chromium.ts";
import type { Draft, Used } from "../../src/ledger/rows.ts";
import type { DayPage } from "../fixtures/day-page.ts";
import { type FakeIssuer, startFakeIssuer } from "../fixtures/fake-issuer.ts";
import { openPhone, type Phone } from "../fixtures/phone.ts";
import { type Issued, issue, keyList, manifest, NOW, ROUTE, revocations, stop } from "../fixtures/signed-documents.ts";

declare const dayPage: DayPage;

// The ledger on the real IndexedDB of a real Chromium.

let browser: Browser;
let issuer: FakeIssuer;
let phone: Phone;
let one: Issued;

beforeAll(async () => {
  browser = await launchChromium();
  issuer = await startFakeIssuer();
  one = await issue("P-1");
  issuer.documents = new Map([
    ["/v1/keys", await keyList()],
    ["/v1/revocations", await revocations()],
    [`/v1/manifests/${ROUTE}`, await manifest({ stops: [stop("P-1"), stop("P-2")] })],
  ]);
});
afterAll(async () => {
  await browser?.close();
  await issuer?.close();
});
beforeEach(async () => {
  phone = await openPhone(browser, issuer);
});
afterEach(() => phone.close());

type Redemption = Draft & { kind: "redemption" };

function redemption(id: string, voucher: string, deliveryId: string): [Redemption, Used] {
  const stamp = { id, issuer: "acme", label: null, at: NOW, writtenAt: NOW };
  const event = { via: "scan", floor: NOW, route: ROUTE, version: 1, takenBy: "recipient" } as const;
  return [
    { ...stamp, kind: "redemption", voucher: "DP1:X", deliveryId, ...event },
    { issuer: "acme", voucher, deliveryId, expiresAt: NOW, at: NOW, entryId: id },
  ];
}

/**
 * Redeems one after the other, or all at once over several connections; tells what each came to, and all numbers given.
 */
function redeemAll(attempts: [Redemption, Used][], { atOnce }: { atOnce: boolean }) {
  return phone.page.evaluate(
    async ([attempts, atOnce]) => {
      const redeem = async ([draft, used]: [Redemption, Used]) => {
        const ledger = await dayPage.ledger();
        return ledger.redeem(draft, used).then(
          () => "written",
          (error: Error) => error.message,
        );
      };
      const ends: string[] = [];
      if (atOnce) ends.push(...(await Promise.all(attempts.map(redeem))));
      else for (const attempt of attempts) ends.push(await redeem(attempt));
      const { recent, device } = await (await dayPage.ledger()).read();
      return { ends, numbers: recent.map(({ seq }) => seq), mark: device.mark };
    },
    [attempts, atOnce] as const,
  );
}

describe("a redemption", () => {
  test("is written once for a voucher, once for a delivery, and a number is given only to what is written", async () => {
    const attempts = [
      redemption("a", "v1", "P-1"),
      redemption("b", "v1", "P-1"),
      redemption("c", "v2", "P-1"),
      redemption("d", "v1", "P-2"),
      redemption("e", "v3", "P-2"),
    ];
    expect(await redeemAll(attempts, { atOnce: false })).toEqual({
      ends: ["written", "already used", "already used", "already used", "written"],
      numbers: [1, 2],
      mark: NOW,
    });
  });

  test("written twice with one ID is one: the connection broke after the commit", async () => {
    const attempts = [redemption("a", "v1", "P-1"), redemption("a", "v1", "P-1")];
    expect(await redeemAll(attempts, { atOnce: false })).toMatchObject({ ends: ["written", "written"], numbers: [1] });
  });

  test("of many at once over many connections one wins", async () => {
    const attempts = Array.from({ length: 12 }, (_, i) => redemption(`id-${i}`, i % 2 ? "v1" : `v${i}`, "P-1"));
    const { ends, numbers } = await redeemAll(attempts, { atOnce: true });
    expect([ends.filter((end) => end === "written").length, numbers]).toEqual([1, [1]]);
  });
});

test("the first answer stands, and takes the voucher's text with it", async () => {
  await redeemAll([redemption("a", "v1", "P-1")], { atOnce: false });
  const entry = await phone.page.evaluate(async () => {
    const ledger = await dayPage.ledger();
    for (const status of ["accepted", "conflict"] as const) {
      await ledger.answer(new Map([[1, { status }]]), { now: 1, difference: 0 });
    }
    return (await ledger.read()).recent[0];
  });
  expect(entry).toMatchObject({ answer: { status: "accepted" }, voucher: null });
});

test("every write is strict", async () => {
  await phone.page.addInitScript(() => {
    const { transaction } = IDBDatabase.prototype;
    const modes: string[] = [];
    Object.assign(globalThis, { modes });
    IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...asked: Parameters<typeof transaction>) {
      const [, mode, options] = asked;
      if (mode === "readwrite") modes.push(options?.durability ?? "default");
      return transaction.apply(this, asked);
    };
  });
  await phone.crash();
  await phone.enrol();
  await phone.call("openStop", "P-1");
  await phone.call("scanned", one.text);
  await phone.call("attempt", "P-2", "no-answer");
  await phone.advance(11);
  await phone.call("syncNow");
  const modes = await phone.page.evaluate(() => (globalThis as unknown as { modes: string[] }).modes);
  expect(modes.length).toBeGreaterThan(5);
  expect(new Set(modes)).toEqual(new Set(["strict"]));
});

test("a connection that the browser dropped is opened anew, once, and what was asked is done", async () => {
  await phone.enrol();
  await phone.call("openStop", "P-1");
  // As iPhones do: every handle that was open is dead.
  await phone.page.evaluate(() => {
    const { transaction } = IDBDatabase.prototype;
    const dead = new WeakSet<IDBDatabase>();
    let first = true;
    IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...asked: Parameters<typeof transaction>) {
      if (first) dead.add(this);
      first = false;
      if (dead.has(this)) throw new DOMException("The database connection is closing.", "InvalidStateError");
      return transaction.apply(this, asked);
    };
  });
  expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ kind: "accept" });
  expect((await phone.seen()).log).toHaveLength(1);
});

test("no space left: not green, and nothing is used up", async () => {
  // Quotas count on the disk alone, so this profile lies there: the one that a browser begins with, in a browser of a
  // megabyte.
  const port = await freePort();
  const pool = "StorageQuotaSettings:PoolSizeBytes/1000000/PoolSizeRatio/0.0000001/MaxPerHostRatio/1.0";
  const small = await launchChromium([`--remote-debugging-port=${port}`, `--enable-features=${pool}`]);
  try {
    const [profile] = (await chromium.connectOverCDP(`http://127.0.0.1:${port}`)).contexts();
    const full = await openPhone(small, issuer, profile);
    await full.enrol();
    await full.page.evaluate(fillDisk);
    await full.call("openStop", "P-1");
    const red = await full.call("scanned", one.text);
    expect(red.outcome).toEqual({ kind: "not-recorded", deliveryId: "P-1", why: "full" });
    expect([red.log, red.stops[0]?.state]).toEqual([[], "open"]);
    await full.page.evaluate(() => void indexedDB.deleteDatabase("photos"));
    // The browser gives room back in its own time; a code that could not be written down may be shown again at once.
    const again = async () => (await full.call("scanned", one.text)).outcome?.kind;
    await expect.poll(again).toBe("accept");
  } finally {
    await small.close();
  }
});

/** In the page: another database of this origin takes what is left. */
async function fillDisk(): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve) => {
    const open = indexedDB.open("photos");
    open.onupgradeneeded = () => open.result.createObjectStore("photos", { autoIncrement: true });
    open.onsuccess = () => resolve(open.result);
  });
  for (let size = 500_000; size >= 1; ) {
    const fits = await new Promise<boolean>((resolve) => {
      const tx = db.transaction("photos", "readwrite");
      tx.oncomplete = () => resolve(true);
      tx.onabort = () => resolve(false);
      // a file of its own, which goes when its database goes
      tx.objectStore("photos").put(new Blob(["x".repeat(size)]));
    });
    if (!fits) size = Math.floor(size / 2);
  }
  db.close();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

test("a ledger that cannot be opened is said, and nothing is judged", async () => {
  await phone.page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("no storage in this window", "SecurityError");
    };
  });
  await phone.crash();
  expect((await phone.seen()).phase).toBe("broken");
  expect((await phone.call("scanned", one.text)).outcome).toBeNull();
});

test("what a driver is told stands in the ledger when the page ends at that moment", async () => {
  await phone.enrol();
  await phone.call("openStop", "P-1");
  // Looked at from another connection the moment the screen turns green.
  const written = await phone.page.evaluate(async (text) => {
    const ledger = await dayPage.ledger();
    const green = new Promise<number>((resolve) => {
      dayPage.day.door.outcome.subscribe((outcome) => {
        if (outcome?.kind === "accept")
          void ledger.read().then(({ recent, used }) => resolve(recent.length + used.length));
      });
    });
    await dayPage.day.door.scanned(text);
    return green;
  }, one.text);
  expect(written).toBe(2);
});

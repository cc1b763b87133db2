import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../../../tools/chromium.ts";
import { openStop, press } from "../fixtures/drive-app.ts";
import { ledger } from "../fixtures/ledger-rows.ts";
import { type Served, serveDriver } from "../fixtures/static-server.ts";

// A phone takes the new version in the middle of a route, with records that nobody has yet. Each storage was written by the app of that commit;
// apps/issuer/test/fixtures/README.md tells how. What a later version changes on purpose gets a fixture of its own: these stay.

const EARLIER = ["be8a529"];

let browser: Browser;
let served: Served;

beforeAll(async () => {
  browser = await launchChromium();
  served = await serveDriver(join(import.meta.dirname, "../../dist"));
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

describe.each(EARLIER)("a phone's storage of %s", (commit) => {
  test("shows the stops, what was done, and what is unsent; and nothing of it is lost", async () => {
    const stored = read(commit);
    await withPhone(stored, async (page) => {
      await page.getByText("2 of 5 finished").waitFor();
      await page.locator(".facts", { hasText: `${stored.unsent} unsent` }).waitFor();
      for (const label of stored.open) await page.getByText(label, { exact: true }).first().waitFor();
      const { redemptions, used } = await ledger(page);
      expect(redemptions.map(({ deliveryId, answer }) => [deliveryId, answer?.status ?? "unsent"])).toEqual(
        stored.redemptions,
      );
      expect(used.map(({ deliveryId }) => deliveryId).sort()).toEqual(stored.redemptions.map(([id]) => id).sort());
      await openStop(page, stored.open[0] ?? "");
      await press(page, "Type the code");
      await page.locator("#code").waitFor();
    });
  });
});

interface Stored {
  /** When it was read out, in milliseconds since 1970. */
  readonly now: number;
  readonly unsent: number;
  /** Labels of stops that are to be done. */
  readonly open: readonly string[];
  /** Delivery, and how it was answered. */
  readonly redemptions: readonly (readonly [string, string])[];
  readonly databases: readonly {
    readonly name: string;
    readonly version: number;
    readonly stores: readonly {
      readonly name: string;
      readonly keyPath: string | string[] | null;
      readonly autoIncrement: boolean;
      readonly indexes: readonly {
        readonly name: string;
        readonly keyPath: string | string[];
        readonly unique: boolean;
        readonly multiEntry: boolean;
      }[];
      /** Of a store without a key path: texts. */
      readonly keys: readonly unknown[];
      /** Bytes are `{ $bytes: base64 }`. */
      readonly rows: readonly unknown[];
    }[];
  }[];
}

function read(commit: string): Stored {
  const path = join(import.meta.dirname, "../fixtures", commit, "phone.json");
  return JSON.parse(readFileSync(path, "utf8")) as Stored;
}

/** A phone that holds this and starts the app of today, at the time at which it was read out; no issuer answers it. */
async function withPhone(stored: Stored, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "en-GB" });
  try {
    await context.addInitScript((now) => {
      const right = Date.now.bind(Date);
      const skew = now - right();
      Date.now = () => right() + skew;
    }, stored.now);
    await context.route("**/v1/**", (route) => route.abort());
    const page = await context.newPage();
    // Of the same origin, and not the app.
    await page.goto(`${served.origin}/driver/none`);
    await page.evaluate(fill, stored.databases);
    await page.goto(`${served.origin}/driver/`);
    await use(page);
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
async function fill(databases: Stored["databases"]): Promise<void> {
  const revive = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(revive);
    if (typeof value !== "object" || value === null) return value;
    if ("$bytes" in value) return Uint8Array.from(atob(String(value.$bytes)), (char) => char.charCodeAt(0));
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revive(member)]));
  };
  for (const { name, version, stores } of databases) {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.onupgradeneeded = () => {
        for (const { name, keyPath, autoIncrement, indexes } of stores) {
          const store = request.result.createObjectStore(name, { keyPath, autoIncrement });
          for (const { name, keyPath, unique, multiEntry } of indexes)
            store.createIndex(name, keyPath, { unique, multiEntry });
        }
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const names = stores.map(({ name }) => name);
    const tx = db.transaction(names, "readwrite");
    const done = new Promise((resolve, reject) => {
      tx.oncomplete = resolve;
      tx.onabort = () => reject(tx.error);
    });
    for (const { name, keyPath, keys, rows } of stores)
      for (const [i, row] of rows.entries())
        tx.objectStore(name).put(revive(row), keyPath === null ? String(keys[i]) : undefined);
    await done;
    db.close();
  }
}

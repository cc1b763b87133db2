import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { readText } from "@doorproof/voucher";
import { writeText } from "@doorproof/voucher/codec";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dumpDevice, findSecrets } from "../fixtures/device-dump.ts";
import {
  enrol,
  goHome,
  green,
  newPhone,
  openStop,
  openVan,
  press,
  red,
  scan,
  type,
  type Van,
} from "../fixtures/drive-app.ts";
import { type IssuerProcess, startIssuerProcess, type Voucher } from "../fixtures/issuer-process.ts";

// A whole day: a real issuer, a real browser, and a phone that is in flight mode from the depot's gate until the
// evening.

const STOPS = 32;
const ROUTE = "north-1";

let issuer: IssuerProcess;
let van: Van;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, "../../build.ts")]);
  issuer = await startIssuerProcess();
  van = await openVan();
});

afterAll(async () => {
  await van?.close();
  await issuer?.close();
});

/** What the driver did and saw: what the issuer's redemptions must say in the evening. */
interface Witnessed {
  readonly accepted: { deliveryId: string; via: string; takenBy: string; name: string | null }[];
  readonly refused: { deliveryId: string | null; reason: string }[];
  readonly attempts: { deliveryId: string; reason: string }[];
  undone: number;
}

test("a day of thirty stops without signal, and the issuer's records equal what happened", async () => {
  const day = await issueTheDay();
  const context = await newPhone(van);
  try {
    const link = await issuer.enrolment(ROUTE);
    const first = await enrol(context, link, STOPS);
    await context.setOffline(true);
    const page = await startCold(context, first, `${issuer.origin}/driver/`);

    const witnessed: Witnessed = { accepted: [], refused: [], attempts: [], undone: 0 };
    await playSlips(page, day, witnessed);
    await playPlain(page, day, witnessed);
    await playExpired(page, day, witnessed);
    expect(witnessed.accepted).toHaveLength(30);

    // Still without signal: what was not opened is not to be had from the phone, though it holds all of the day's
    // seals.
    const opened = new Set(witnessed.accepted.map(({ deliveryId }) => deliveryId));
    const mine = secretsOf(day, (voucher) => !opened.has(voucher.deliveryId) || voucher === day.old);
    const secrets = new Map([...mine, ...(await issuer.privateData())]);
    expect(secrets.size).toBeGreaterThan(40);
    expect(findSecrets(await dumpDevice(page), secrets)).toEqual([]);

    await context.setOffline(false);
    await page.locator(".facts", { hasText: "0 unsent" }).waitFor();
    await compareRedemptions(witnessed);
    await compareAnswers(page, witnessed);
    await search(page, day);
  } finally {
    await context.close();
  }
});

interface Day {
  readonly stops: readonly Voucher[];
  /** Of a stop whose voucher was issued anew: the one that no longer holds. */
  readonly old: Voucher;
  readonly foreign: Voucher;
  readonly expiring: { readonly voucher: Voucher; readonly at: number };
}

const label = (number: number) => `Door ${String(number).padStart(2, "0")}`;

async function issueTheDay(): Promise<Day> {
  const numbers = Array.from({ length: STOPS }, (_, at) => at + 1);
  const stops: Voucher[] = [];
  for (const number of numbers.slice(0, -1))
    stops.push(await issuer.issue({ deliveryId: `NP-${1000 + number}`, label: label(number) }));
  const foreign = await issuer.issue({ deliveryId: "SP-2001", label: "Another road" });
  await issuer.putStops("south-2", [foreign.deliveryId]);
  const [, , , , old] = stops as [Voucher, Voucher, Voucher, Voucher, Voucher];
  stops[4] = await issuer.reissue(old);
  // Last, and short: it lives through the enrolment, and is over before the evening.
  const at = Math.floor(Date.now() / 1000) + 60;
  const expiresAt = new Date(at * 1000).toISOString();
  const last = await issuer.issue({ deliveryId: `NP-${1000 + STOPS}`, label: label(STOPS), expiresAt });
  stops.push(last);
  await issuer.putStops(
    ROUTE,
    stops.map(({ deliveryId }) => deliveryId),
  );
  await issuer.sealed(ROUTE);
  return { stops, old, foreign, expiring: { voucher: last, at } };
}

// The phone is switched off and on in flight mode.
async function startCold(context: BrowserContext, before: Page, url: string): Promise<Page> {
  await before.close();
  const page = await context.newPage();
  await page.goto(url);
  await page.getByText(`0 of ${STOPS} finished`).waitFor();
  return page;
}

/** Doors 1 to 10, where everything happens that can. */
async function playSlips(page: Page, { stops, old, foreign }: Day, witnessed: Witnessed): Promise<void> {
  const at = (number: number) => stops[number - 1] as Voucher;
  const accept = (number: number, via: "scan" | "code", takenBy = "recipient", name: string | null = null) => {
    witnessed.accepted.push({ deliveryId: at(number).deliveryId, via, takenBy, name });
  };
  const refuse = (deliveryId: string | null, reason: string) => witnessed.refused.push({ deliveryId, reason });

  // Another stop's at this door, then the right one.
  await openStop(page, label(1));
  await scan(van, page, at(2).voucher);
  expect(await red(page)).toBe("Other parcel");
  refuse(at(2).deliveryId, "wrong-delivery");
  await openStop(page, label(1));
  await scan(van, page, at(1).voucher);
  expect(await green(page)).toBe(at(1).deliveryId);
  accept(1, "scan");

  // No stop was opened: the voucher names the parcel, and a tap says that it is this one.
  await scan(van, page, at(2).voucher);
  await press(page, "Yes, this parcel");
  expect(await green(page)).toBe(at(2).deliveryId);
  accept(2, "scan");

  // The same one twice.
  await scan(van, page, at(1).voucher);
  expect(await red(page)).toBe("Already used");
  refuse(at(1).deliveryId, "already-used");
  await goHome(page);

  // Forged: genuine but for one bit of its signature.
  await openStop(page, label(3));
  const forged = readText(at(3).voucher);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  await scan(van, page, writeText(forged));
  expect(await red(page)).toBe("Forged or altered");
  refuse(at(3).deliveryId, "bad-signature");

  // A clock that was set wrong, and is set right again.
  await page.evaluate(() => {
    globalThis.skew = -1_800;
  });
  await openStop(page, label(3));
  await scan(van, page, at(3).voucher);
  expect(await red(page)).toBe("Clock wrong");
  refuse(at(3).deliveryId, "clock-behind");
  await page.evaluate(() => {
    globalThis.skew = 0;
  });

  // Another driver's.
  await goHome(page);
  await scan(van, page, foreign.voucher);
  expect(await red(page)).toBe("Not your stop");
  refuse(foreign.deliveryId, "not-on-manifest");

  await openStop(page, label(3));
  await scan(van, page, at(3).voucher);
  expect(await green(page)).toBe(at(3).deliveryId);
  accept(3, "scan");

  // Wrong codes up to the pause, in which the square works.
  await openStop(page, label(4));
  for (const wrong of [at(20), at(21), at(22)]) {
    await type(page, wrong.shortCode);
    expect(await red(page)).toBe("Wrong code");
    refuse(at(4).deliveryId, "wrong-code");
  }
  await page.locator(".pause").waitFor();
  expect(await page.getByRole("button", { name: "Check", exact: true }).isDisabled()).toBe(true);
  await scan(van, page, at(4).voucher);
  expect(await green(page)).toBe(at(4).deliveryId);
  accept(4, "scan");

  // The old message, then the new one.
  await openStop(page, label(5));
  await scan(van, page, old.voucher);
  expect(await red(page)).toBe("Withdrawn");
  refuse(old.deliveryId, "revoked");
  await openStop(page, label(5));
  await scan(van, page, at(5).voucher);
  expect(await green(page)).toBe(at(5).deliveryId);
  accept(5, "scan");

  // A neighbour takes it, and has a name.
  await openStop(page, label(6));
  await page.getByText("Neighbour", { exact: true }).click();
  await page.getByLabel("Neighbour’s name or flat").fill("Holt, flat 2");
  await type(page, at(6).shortCode);
  expect(await green(page)).toBe(at(6).deliveryId);
  accept(6, "code", "neighbour", "Holt, flat 2");

  // Nobody answers.
  await openStop(page, label(7));
  await press(page, "Could not deliver");
  await page.getByText("Nobody answers").click();
  await page.getByLabel("Note, if it helps").fill("Bell is broken");
  await press(page, "Save");
  await page.locator(".frame-stops").waitFor();
  witnessed.attempts.push({ deliveryId: at(7).deliveryId, reason: "no-answer: Bell is broken" });

  // A slip, taken back, and done rightly.
  await openStop(page, label(8));
  await type(page, at(8).shortCode);
  expect(await green(page)).toBe(at(8).deliveryId);
  await press(page, "Undo");
  await page.getByRole("button", { name: "Undo", exact: true }).waitFor({ state: "detached" });
  witnessed.undone++;
  await openStop(page, label(8));
  await scan(van, page, at(8).voucher);
  expect(await green(page)).toBe(at(8).deliveryId);
  accept(8, "scan");

  // No voucher at all: a quiet word, and no record.
  await scan(van, page, "HTTPS://EXAMPLE.COM/PARCEL");
  await page.getByText("This is no voucher.").waitFor();
  await goHome(page);
}

/** Doors 9 to 31: fourteen squares and nine codes. */
async function playPlain(page: Page, { stops }: Day, witnessed: Witnessed): Promise<void> {
  for (let number = 9; number < STOPS; number++) {
    const { deliveryId, voucher, shortCode } = stops[number - 1] as Voucher;
    if (number === 20) await page.reload();
    const via = number % 3 === 0 || number > 30 ? "code" : "scan";
    await openStop(page, label(number));
    if (via === "scan") await scan(van, page, voucher);
    else await type(page, shortCode.toLowerCase());
    expect(await green(page)).toBe(deliveryId);
    witnessed.accepted.push({ deliveryId, via, takenBy: "recipient", name: null });
  }
}

async function playExpired(page: Page, { expiring: { voucher, at } }: Day, witnessed: Witnessed): Promise<void> {
  await expect.poll(() => Date.now() / 1000).toBeGreaterThan(at + 1);
  await openStop(page, label(STOPS));
  await type(page, voucher.shortCode);
  expect(await red(page)).toBe("Expired");
  witnessed.refused.push({ deliveryId: voucher.deliveryId, reason: "expired" });
  await goHome(page);
}

/** At the issuer: what happened, and each of it once. */
async function compareRedemptions(witnessed: Witnessed): Promise<void> {
  const redemptions = await issuer.redemptions();
  const written = redemptions.map(({ deliveryId, via, takenBy, name, status, code }) => ({
    deliveryId,
    via,
    takenBy,
    name,
    status,
    code,
  }));
  expect(written).toEqual(witnessed.accepted.map((each) => ({ ...each, status: "accepted", code: null })));
  const events = await issuer.events();
  const of = (kind: string) =>
    events.flatMap((event) => (event.kind === kind ? [{ deliveryId: event.deliveryId, reason: event.reason }] : []));
  expect(of("door-refusal")).toEqual(witnessed.refused);
  expect(of("door-attempt")).toEqual(witnessed.attempts);
  // The slip itself travels as an undo of itself, so that its number is there.
  expect(of("door-undo")).toHaveLength(2 * witnessed.undone);
  expect(of("redemption-accepted")).toHaveLength(witnessed.accepted.length);
  expect(of("device-gap")).toEqual([]);
  expect((await issuer.route(ROUTE)).device?.gaps).toEqual([]);
}

interface Row {
  readonly kind: string;
  readonly deliveryId?: string;
  readonly voucher?: string | null;
  readonly undoneBy?: string;
  readonly answer?: { readonly status: string };
}

/** On the device: every entry has its answer, and no voucher any more. */
async function compareAnswers(page: Page, witnessed: Witnessed): Promise<void> {
  const rows = await page.evaluate(
    () =>
      new Promise<Row[]>((resolve, reject) => {
        const opening = indexedDB.open("doorproof");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction("entries").objectStore("entries").getAll();
          all.onsuccess = () => {
            opening.result.close();
            resolve(all.result);
          };
        };
      }),
  );
  const redeemed = rows.filter(({ kind, undoneBy }) => kind === "redemption" && undoneBy === undefined);
  expect(redeemed.map(({ deliveryId, voucher, answer }) => [deliveryId, voucher, answer?.status])).toEqual(
    witnessed.accepted.map(({ deliveryId }) => [deliveryId, null, "accepted"]),
  );
  expect(rows.filter(({ answer }) => answer === undefined)).toEqual([]);
  await press(page, "Log");
  expect(await page.getByText("Sent and accepted").count()).toBe(witnessed.accepted.length);
  expect(await page.getByText("Not sent yet").count()).toBe(0);
}

/**
 * Everything that lies on the phone in the evening, searched with the issuer's private data at hand; and each kind of
 * find is tried.
 */
async function search(page: Page, day: Day): Promise<void> {
  const secrets = new Map([...secretsOf(day, () => true), ...(await issuer.privateData())]);
  expect(findSecrets(await dumpDevice(page), secrets)).toEqual([]);

  const [victim] = day.stops as [Voucher];
  const root = (await issuer.privateData()).get("root.pem") as Uint8Array;
  const planted: readonly [name: string, plant: string | readonly number[]][] = [
    [`${victim.id} code`, `{"code":"${victim.shortCode.replace("-", "")}"}`],
    [`${victim.id} spoken code`, `code ${victim.shortCode}.`],
    [`${victim.id} text`, `x${victim.voucher}`],
    [`${victim.id} bytes`, [7, ...readText(victim.voucher), 7]],
    ["root.pem", Buffer.from([1, ...root, 2]).toString("base64")],
    ["root.pem", [...root]],
  ];
  for (const [name, plant] of planted) {
    await page.evaluate(async (value) => {
      const stored = typeof value === "string" ? value : Uint8Array.from(value);
      if (typeof stored === "string") localStorage.setItem("planted", stored);
      else await (await caches.open("planted")).put("/driver/planted", new Response(stored));
    }, plant);
    expect(findSecrets(await dumpDevice(page), secrets)).toContain(name);
    await page.evaluate(async () => {
      localStorage.removeItem("planted");
      await caches.delete("planted");
    });
  }
  expect(findSecrets(await dumpDevice(page), secrets)).toEqual([]);
}

/** Every code as it is and as it is spoken, every voucher as text and as bytes, and what only the customer was sent. */
function secretsOf(
  { stops, old, foreign }: Day,
  isUnopened: (voucher: Voucher) => boolean,
): Map<string, string | Uint8Array> {
  const found = new Map<string, string | Uint8Array>();
  for (const voucher of [...stops, old, foreign]) {
    found.set(`${voucher.id} code`, voucher.shortCode.replace("-", ""));
    found.set(`${voucher.id} spoken code`, voucher.shortCode);
    found.set(`${voucher.id} link`, voucher.link.replace(/^.*\//, ""));
    if (!isUnopened(voucher)) continue;
    found.set(`${voucher.id} text`, voucher.voucher.slice("DP1:".length));
    found.set(`${voucher.id} bytes`, readText(voucher.voucher));
  }
  return found;
}

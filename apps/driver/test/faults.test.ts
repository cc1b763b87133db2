import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Fault, type Gate, openGate } from "./gate.ts";
import { ledger } from "./ledger-rows.ts";
import { type Office, openOffice, type Voucher } from "./office.ts";
import { enrol, goHome, green, newPhone, openStop, openVan, press, red, scan, type, type Van } from "./shift.ts";

// What a phone survives, with the real issuer behind a gate that spoils answers, and pages whose process is killed at named points. After each
// fault: what was green is in the ledger, what was acknowledged is at the issuer, and nothing is there twice.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const POINTS = ["judged", "written", "offered", "answered", "stored"] as const;

let home: string;
let gate: Gate;
let office: Office;
let van: Van;
let routes = 0;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "doorproof-faults-"));
  process.env.NODE_ENV = "production";
  const configFile = join(import.meta.dirname, "../vite.config.ts");
  const outDir = join(home, "announce");
  await build({ configFile, mode: "announce", logLevel: "error", build: { outDir, emptyOutDir: true } });
  gate = await openGate();
  gate.app = outDir;
  office = await openOffice({ publicUrl: gate.origin });
  gate.issuer = office.origin;
  van = await openVan();
}, 180_000);

afterAll(async () => {
  await van?.close();
  await office?.close();
  await gate?.close();
  await rm(home, { recursive: true });
}, 60_000);

/** A route of its own with two stops, and a phone that drives it. */
interface Shift {
  readonly route: string;
  readonly one: Voucher;
  readonly two: Voucher;
  readonly context: BrowserContext;
  page: Page;
}

let shift: Shift;
let kill: string | null = null;

beforeEach(async () => {
  shift = await startShift();
});
afterEach(async () => {
  kill = null;
  gate.faults = [];
  gate.instead.clear();
  await shift.context.close();
});

async function startShift(): Promise<Shift> {
  const route = `route-${++routes}`;
  const [one, two] = [
    await office.issue({ deliveryId: `${route}-A`, label: "Door A" }),
    await office.issue({ deliveryId: `${route}-B`, label: "Door B" }),
  ];
  await office.putStops(route, [one.deliveryId, two.deliveryId]);
  await office.sealed(route);
  return { route, one, two, ...(await newDevice(route, 2)) };
}

async function newDevice(route: string, stops: number): Promise<{ context: BrowserContext; page: Page }> {
  const context = await newPhone(van);
  await context.exposeFunction("announce", async (point: string) => {
    if (point !== kill) return;
    kill = null;
    await killRenderers();
    await new Promise(() => {}); // it never hears of it
  });
  return { context, page: await enrol(context, await office.enrolment(route), stops) };
}

/** No page gets to say a last word. */
async function killRenderers(): Promise<void> {
  const session = await van.browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  for (const { type, id } of processInfo) if (type === "renderer") process.kill(id, "SIGKILL");
}

/** Does what ends in a kill, and starts the app again. */
async function killedAt(point: (typeof POINTS)[number], act: (page: Page) => Promise<void>): Promise<void> {
  const dead = shift.page.waitForEvent("crash", { timeout: 60_000 });
  kill = point;
  void act(shift.page).catch(() => {}); // its page is gone before it ends
  await dead;
  await again();
}

async function again(): Promise<void> {
  const before = shift.page;
  shift.page = await shift.context.newPage();
  await before.close();
  await shift.page.goto(`${gate.origin}/driver/`);
  await shift.page.locator(".frame-stops").waitFor();
}

/** Until everything was sent and answered: then ledger, books and acknowledgements say the same, once. */
async function settled(...accepted: Voucher[]): Promise<void> {
  await expect
    .poll(async () => (await ledger(shift.page)).redemptions.map(({ answer }) => answer?.status), { timeout: 60_000 })
    .toEqual(accepted.map(() => "accepted"));
  const ids = accepted.map(({ deliveryId }) => deliveryId);
  const { redemptions, used } = await ledger(shift.page);
  expect(redemptions.map(({ deliveryId }) => deliveryId)).toEqual(ids);
  expect(used.map(({ deliveryId }) => deliveryId).sort()).toEqual(ids.toSorted());
  const books = (await office.redemptions()).filter(({ deliveryId }) => deliveryId?.startsWith(`${shift.route}-`));
  expect(books.map(({ id, deliveryId, status }) => [id, deliveryId, status])).toEqual(
    redemptions.map(({ id, deliveryId }) => [id, deliveryId, "accepted"]),
  );
  expect((await office.route(shift.route)).device?.gaps).toEqual([]);
}

async function accept(voucher: Voucher, label: string): Promise<void> {
  await openStop(shift.page, label);
  await scan(van, shift.page, voucher.voucher);
  expect(await green(shift.page)).toBe(voucher.deliveryId);
}

test("the build under test announces every point, and the shipped one holds none of their names", async () => {
  const shipped = join(home, "shipped");
  const configFile = join(import.meta.dirname, "../vite.config.ts");
  await build({ configFile, logLevel: "error", build: { outDir: shipped, emptyOutDir: true } });
  const read = async (folder: string) => {
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js"));
    return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
  };
  const call = (point: string) => new RegExp(`announce\\(.${point}.\\)`);
  const [tested, sold] = await Promise.all([read(gate.app), read(shipped)]);
  for (const point of POINTS) {
    expect(tested).toMatch(call(point));
    expect(sold).not.toMatch(call(point));
  }
  expect(sold).not.toContain("announce");
});

describe("the page's process is killed", () => {
  test("between scan and write: nothing was green, nothing is written, and the door opens afterwards", async () => {
    await shift.context.setOffline(true);
    await openStop(shift.page, "Door A");
    await killedAt("judged", (page) => scan(van, page, shift.one.voucher));
    expect(await ledger(shift.page)).toEqual({ redemptions: [], used: [] });
    await accept(shift.one, "Door A");
    await shift.context.setOffline(false);
    await settled(shift.one);
  });

  test("between write and green: the ledger has it, and the same code is refused as used", async () => {
    await shift.context.setOffline(true);
    await openStop(shift.page, "Door A");
    await killedAt("written", (page) => scan(van, page, shift.one.voucher));
    expect((await ledger(shift.page)).redemptions).toHaveLength(1);
    await scan(van, shift.page, shift.one.voucher);
    expect(await red(shift.page)).toBe("Already used");
    await goHome(shift.page);
    await shift.context.setOffline(false);
    await settled(shift.one);
  });

  test.each(["offered", "answered", "stored"] as const)("during sync, at %s", async (point) => {
    await accept(shift.one, "Door A");
    // Ten seconds later it goes up by itself; an earlier round has nothing to offer.
    await expect.poll(async () => (await ledger(shift.page)).redemptions.length).toBe(1);
    await killedAt(point, async () => {});
    await accept(shift.two, "Door B");
    await settled(shift.one, shift.two);
  });
});

describe("an upload is answered", () => {
  const faults: readonly Fault[] = ["5xx-before", "5xx-after", "half", "reordered", "twice", "lost-after", "portal"];
  test.each(faults)("%s", async (fault) => {
    await shift.context.setOffline(true);
    await accept(shift.one, "Door A");
    await accept(shift.two, "Door B");
    gate.faults = [fault];
    await shift.context.setOffline(false);
    await shift.page.locator(".facts").click();
    const isSent = async () => {
      await press(shift.page, "Update now");
      return gate.faults.length === 0 && (await shift.page.locator(".facts").textContent())?.includes("0 unsent");
    };
    await expect.poll(isSent, { timeout: 60_000 }).toBe(true);
    await settled(shift.one, shift.two);
  });
});

describe("a forced move: two phones, one voucher", () => {
  test.each([
    ["the first that accepted syncs first", true],
    ["and last", false],
  ])("%s: one accepted, one conflict, both kept, on the books and on the phones", async (_, inOrder) => {
    const first = shift;
    const route = `${first.route}-x`;
    await first.context.setOffline(true);
    await office.putStops(route, [first.one.deliveryId], true);
    await office.sealed(route);
    const second: Shift = { ...first, route, ...(await newDevice(route, 1)) };
    try {
      await second.context.setOffline(true);
      for (const each of [first, second]) {
        shift = each;
        await accept(first.one, "Door A");
      }
      for (const each of inOrder ? [first, second] : [second, first]) {
        await each.context.setOffline(false);
        await each.page.locator(".facts", { hasText: "0 unsent" }).waitFor({ timeout: 60_000 });
      }
      const [winner, loser] = inOrder ? [first, second] : [second, first];
      const of = async (status: string) =>
        (await office.redemptions(status)).filter(({ deliveryId }) => deliveryId === first.one.deliveryId);
      const [accepted, conflict] = [await of("accepted"), await of("conflict")];
      expect([accepted.length, conflict.length]).toEqual([1, 1]);
      expect(conflict[0]).toMatchObject({
        code: "already-used",
        by: { id: accepted[0]?.id, reporter: accepted[0]?.reporter },
      });
      expect((await ledger(winner.page)).redemptions).toMatchObject([
        { id: accepted[0]?.id, answer: { status: "accepted" } },
      ]);
      expect((await ledger(loser.page)).redemptions).toMatchObject([
        { id: conflict[0]?.id, answer: { status: "conflict" } },
      ]);
      await press(loser.page, "Log");
      await loser.page.getByText("Conflict: tell your dispatcher").waitFor();
      await loser.page.getByText(/^The other record, of .* stands\.$/).waitFor();
    } finally {
      await second.context.close();
      shift = first;
    }
  });
});

describe("a clock", () => {
  test.each([
    ["set back a day", -86_400],
    ["set ahead a year", 365 * 86_400],
  ])("%s opens no door; set right and after one sync it does", async (_, skew) => {
    await shift.context.setOffline(true);
    const set = (seconds: number) =>
      shift.page.evaluate((by) => {
        globalThis.skew = by;
      }, seconds);
    await set(skew);
    await openStop(shift.page, "Door A");
    await scan(van, shift.page, shift.one.voucher);
    await red(shift.page);
    expect(await ledger(shift.page)).toEqual({ redemptions: [], used: [] });
    await set(0);
    await shift.context.setOffline(false);
    await again();
    await shift.page.locator(".facts", { hasText: "0 unsent" }).waitFor({ timeout: 60_000 });
    await accept(shift.one, "Door A");
    await settled(shift.one);
  });
});

describe("manifests", () => {
  test("one that replaces the other while a stop is open: the stop that left is refused, the other one opens", async () => {
    const before = gate.manifests.length;
    await openStop(shift.page, "Door A");
    await office.putStops(shift.route, [shift.two.deliveryId]);
    await shift.page.evaluate(() => dispatchEvent(new Event("online")));
    await expect.poll(() => gate.manifests.length, { timeout: 30_000 }).toBeGreaterThan(before);
    await goHome(shift.page);
    await shift.page.getByText("0 of 1 finished").waitFor();
    await scan(van, shift.page, shift.one.voucher);
    expect(await red(shift.page)).toBe("Not your stop");
    await goHome(shift.page);
    await accept(shift.two, "Door B");
    await settled(shift.two);
  });

  test("an older one and another route's are not taken, and said; the one held stays", async () => {
    const path = `/v1/manifests/${shift.route}`;
    const older = gate.manifests.at(-1);
    await office.putStops(shift.route, [shift.two.deliveryId]);
    await shift.page.locator(".facts").click();
    await press(shift.page, "Update now");
    await expect.poll(() => gate.manifests.at(-1)).not.toBe(older);
    const foreign = { ...shift, ...(await startShift()) };
    const offers = [
      [older, "The list offered is older than the one on this device."],
      [gate.manifests.at(-1), /The list offered belongs to/],
    ] as const;
    try {
      for (const [offer, said] of offers) {
        if (!offer) throw new Error("no manifest went through");
        gate.instead.set(path, offer);
        await press(shift.page, "Update now");
        await shift.page.getByText(said).first().waitFor();
      }
    } finally {
      await foreign.context.close();
    }
    gate.instead.clear();
    await goHome(shift.page);
    await shift.page.getByText("0 of 1 finished").waitFor();
    await accept(shift.two, "Door B");
    await settled(shift.two);
  });
});

test("a second tab shows and takes nothing; the first goes on", async () => {
  const tab = await shift.context.newPage();
  await tab.goto(`${gate.origin}/driver/`);
  await tab.getByText("This one only shows; work in the other.").waitFor();
  await openStop(tab, "Door A");
  await scan(van, tab, shift.one.voucher);
  await tab.getByText("Doorproof is open in another tab. Work there.").waitFor();
  expect((await ledger(tab)).redemptions).toEqual([]);
  await tab.close();
  await accept(shift.one, "Door A");
  await settled(shift.one);
});

test("an update in mid-shift waits to be asked, and what is unsent goes through it", async () => {
  const old = gate.app;
  const next = join(home, "next");
  await cp(old, next, { recursive: true });
  const page = await readFile(join(next, "index.html"), "utf8");
  await writeFile(join(next, "index.html"), page.replace("Checks at the door", "Checks at your door"));
  const worker = await readFile(join(next, "sw.js"), "utf8");
  await writeFile(
    join(next, "sw.js"),
    worker.replace(/("?url"?:"index\.html","?revision"?:"|"?revision"?:")[0-9a-f]{8}/g, "$100000000"),
  );
  gate.app = next;
  try {
    gate.faults = ["5xx-before", "5xx-before"];
    await openStop(shift.page, "Door A");
    await shift.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await scan(van, shift.page, shift.one.voucher);
    expect(await green(shift.page)).toBe(shift.one.deliveryId);
    await press(shift.page, "Take it");
    await shift.page.waitForFunction(() =>
      document.querySelector("meta[name=description]")?.getAttribute("content")?.includes("at your door"),
    );
    await shift.page.locator(".frame-stops").waitFor();
    gate.faults = [];
    await again();
    await accept(shift.two, "Door B");
    await settled(shift.one, shift.two);
  } finally {
    gate.app = old;
  }
});

test("no camera: it is said, and the code opens the door", async () => {
  await shift.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException("no", "NotAllowedError");
    };
  });
  await openStop(shift.page, "Door A");
  await scan(van, shift.page, shift.one.voucher);
  await shift.page.getByRole("heading", { name: "The camera is not allowed" }).waitFor();
  await press(shift.page, "Type");
  await type(shift.page, shift.one.shortCode);
  expect(await green(shift.page)).toBe(shift.one.deliveryId);
  await settled(shift.one);
});

test("no wasm: it is said, and the code opens the door", async () => {
  await shift.page.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) if (request.url.includes(".wasm")) await cache.delete(request);
    }
  });
  await shift.context.setOffline(true);
  await again();
  await openStop(shift.page, "Door A");
  await scan(van, shift.page, shift.one.voucher);
  await shift.page.getByText("The reader did not load.").waitFor();
  await press(shift.page, "Type");
  await type(shift.page, shift.one.shortCode);
  expect(await green(shift.page)).toBe(shift.one.deliveryId);
  await shift.context.setOffline(false);
  await settled(shift.one);
});

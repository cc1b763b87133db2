import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { type Gate, openGate } from "./gate.ts";
import { ledger } from "./ledger-rows.ts";
import { type Office, openOffice, type Voucher } from "./office.ts";
import { enrol, green, newPhone, openStop, openVan, scan, type Van } from "./shift.ts";

// What a phone survives, with the real issuer behind a gate that spoils answers, and pages whose process is killed at named points. After each
// fault: what was green is in the ledger, what was acknowledged is at the issuer, and nothing is there twice. The stage of two test files, which
// run side by side: most of the time is the ten seconds that a record waits.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

export const POINTS = ["judged", "written", "offered", "answered", "stored"] as const;

export let home: string;
export let gate: Gate;
export let office: Office;
export let van: Van;
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
export interface Shift {
  readonly route: string;
  readonly one: Voucher;
  readonly two: Voucher;
  readonly context: BrowserContext;
  page: Page;
}

export let shift: Shift;
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

export async function startShift(): Promise<Shift> {
  const route = `route-${++routes}`;
  const [one, two] = [
    await office.issue({ deliveryId: `${route}-A`, label: "Door A" }),
    await office.issue({ deliveryId: `${route}-B`, label: "Door B" }),
  ];
  await office.putStops(route, [one.deliveryId, two.deliveryId]);
  await office.sealed(route);
  return { route, one, two, ...(await newDevice(route, 2)) };
}

export async function newDevice(route: string, stops: number): Promise<{ context: BrowserContext; page: Page }> {
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
export async function killedAt(point: (typeof POINTS)[number], act: (page: Page) => Promise<void>): Promise<void> {
  const dead = shift.page.waitForEvent("crash", { timeout: 60_000 });
  kill = point;
  void act(shift.page).catch(() => {}); // its page is gone before it ends
  await dead;
  await again();
}

export async function again(): Promise<void> {
  const before = shift.page;
  shift.page = await shift.context.newPage();
  await before.close();
  await shift.page.goto(`${gate.origin}/driver/`);
  await shift.page.locator(".frame-stops").waitFor();
}

/** Until everything was sent and answered: then ledger, books and acknowledgements say the same, once. */
export async function settled(...accepted: Voucher[]): Promise<void> {
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

export async function accept(voucher: Voucher, label: string): Promise<void> {
  await openStop(shift.page, label);
  await scan(van, shift.page, voucher.voucher);
  expect(await green(shift.page)).toBe(voucher.deliveryId);
}

/** Another phone in the hand, for what {@link accept} and {@link settled} are about. */
export function take(other: Shift): void {
  shift = other;
}

import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "../../../tools/chromium.ts";
import { film } from "./camera.ts";
import { PHONE } from "./screens.ts";

// A driver at work: what a hand does on the phone, and what an eye sees.

/** A browser whose camera shows what it is told to. */
export interface Van {
  readonly browser: Browser;
  /** What the camera sees from its next start on: a running one does not notice. */
  show(text: string): Promise<void>;
  close(): Promise<void>;
}

export async function openVan(): Promise<Van> {
  const scene = await mkdtemp(join(tmpdir(), "doorproof-van-"));
  // Renamed into place: a camera that opens in between sees the one picture or the other.
  const show = async (text: string) => {
    await writeFile(join(scene, "next.y4m"), film(text, { module: 7 }));
    await rename(join(scene, "next.y4m"), join(scene, "camera.y4m"));
  };
  await show("0");
  const browser = await launchChromium([
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    `--use-file-for-fake-video-capture=${join(scene, "camera.y4m")}`,
  ]);
  return {
    browser,
    show,
    close: async () => {
      await browser.close();
      await rm(scene, { recursive: true });
    },
  };
}

declare global {
  /** Seconds by which the phone's clock is wrong. */
  var skew: number;
}

/** A new phone, with a clock that can be set. */
export async function newPhone({ browser }: Van): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: PHONE, locale: "en-GB", timezoneId: "Europe/London" });
  context.setDefaultTimeout(30_000);
  await context.addInitScript(() => {
    const right = Date.now.bind(Date);
    globalThis.skew = 0;
    Date.now = () => right() + globalThis.skew * 1000;
  });
  return context;
}

/** Takes the route of a one-time link, and waits until the app and all it needs lie on the phone. */
export async function enrol(context: BrowserContext, link: string, stops: number): Promise<Page> {
  const page = await context.newPage();
  await page.goto(link);
  await press(page, "Take this route");
  await page.getByText(`0 of ${stops} finished`).waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  await page.locator(".facts", { hasText: "Clock right" }).waitFor();
  return page;
}

export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

/** Comes home from wherever he is, as the back button leads. */
export async function goHome(page: Page): Promise<void> {
  for (;;) {
    const name = await page.locator(".frame:not(.frame-starting)").getAttribute("class");
    if (name?.includes("frame-stops")) return;
    await press(page, "Back");
    // The history takes its time, and a second tap would be one too many.
    await page.waitForFunction((before) => document.querySelector(".frame")?.className !== before, name);
  }
}

/** Opens a stop in the list. */
export async function openStop(page: Page, label: string): Promise<void> {
  await goHome(page);
  const name = page.locator("strong").getByText(label, { exact: true });
  await page.locator(".next-stop, .stop-row").filter({ has: name }).click();
  await page.locator(".frame-stop").waitFor();
}

/** Holds the camera before a code: at the open stop, or at home for whatever parcel it is. */
export async function scan(van: Van, page: Page, text: string): Promise<void> {
  await van.show(text);
  const here = await page.getByRole("button", { name: "Scan the voucher" }).count();
  await press(page, here > 0 ? "Scan the voucher" : "Scan");
  const first = page.getByRole("button", { name: "Start the camera" });
  if ((await first.count()) > 0) await first.click();
}

/** Types at the open stop, whether its field is there already or not. */
export async function type(page: Page, code: string): Promise<void> {
  if ((await page.locator("#code").count()) === 0) await press(page, "Type the code");
  await page.locator("#code").fill("");
  await page.locator("#code").pressSequentially(code);
  await page.locator("#code").press("Enter");
}

/** Green, and what for; then back in the list. */
export async function green(page: Page): Promise<string> {
  const sheet = page.locator(".result-accept, .result-refuse").first();
  await sheet.waitFor();
  const [kind, headline, parcel] = await page.evaluate(() => [
    document.querySelector(".result")?.className ?? "",
    document.querySelector("#verdict")?.textContent ?? "",
    document.querySelector(".result .parcel .mono")?.textContent ?? "",
  ]);
  if (!kind?.includes("result-accept")) throw new Error(`not green but: ${headline}`);
  // It gets out of the way by itself; a tap only hurries it.
  await sheet.click({ timeout: 1_000 }).catch(() => {});
  await page.locator(".frame-stops").waitFor();
  return parcel ?? "";
}

/** Red: its headline. It stays until it is closed. */
export async function red(page: Page): Promise<string> {
  const headline = page.locator(".result-refuse #verdict");
  await headline.waitFor();
  const said = await headline.textContent();
  await press(page, "Close");
  await page.locator(".result").waitFor({ state: "detached" });
  return said ?? "";
}

import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../../../tools/chromium.ts";
import { type Served, serveDriver } from "../fixtures/static-server.ts";

// The app as it is shipped, its service worker and all; nobody is enrolled.

let browser: Browser;
let home: string;
let folder: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "doorproof-app-"));
  folder = join(home, "dist");
  // Vitest says "test", and the libraries then build in what helps developers.
  process.env.NODE_ENV = "production";
  const configFile = join(import.meta.dirname, "../../vite.config.ts");
  await build({ configFile, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  browser = await launchChromium(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
});

afterAll(async () => {
  await browser?.close();
  await rm(home, { recursive: true });
});

interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly served: Served;
  /** All that the console said, but for requests that had no answer. */
  readonly said: string[];
}

/** Opens the app for the first time, and waits until it is whole on the phone. */
async function installed(use: (visit: Visit) => Promise<void>): Promise<void> {
  const served = await serveDriver(folder);
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  try {
    await context.addInitScript(noteReadings);
    const page = await context.newPage();
    const said: string[] = [];
    page.on("console", (message) => !/ERR_|404/.test(message.text()) && said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await page.goto(`${served.origin}/driver/`);
    await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
    await use({ context, page, served, said });
  } finally {
    await context.close();
    await served.close();
  }
}

declare global {
  /** What the decoder answered to each picture: the texts in it, or null where it did not start. */
  var readings: unknown[];
}

// Runs in the page, before the app.
function noteReadings(): void {
  globalThis.readings = [];
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener("message", ({ data }) => "texts" in data && globalThis.readings.push(data.texts));
    }
  };
}

const title = (page: Page) => page.getByRole("heading", { level: 1, name: "Start your route" }).waitFor();

describe("without a network", () => {
  test("the list of what is kept holds the page, the workers, and the reader's wasm", async () => {
    await installed(async ({ page, served }) => {
      const kept = await page.evaluate(async () => {
        const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
        const requests = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
        return requests.map(({ url }) => new URL(url).pathname);
      });
      const files = (await readdir(folder, { recursive: true })).filter((name) =>
        /\.(js|css|html|wasm|svg|png|webmanifest)$/.test(name),
      );
      expect(kept.sort()).toEqual(
        files
          .filter((name) => name !== "sw.js")
          .map((name) => `/driver/${name}`)
          .sort(),
      );
      expect(kept.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
      expect(served.asked.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
    });
  });

  test("a reload shows the day", async () => {
    await installed(async ({ context, page, said }) => {
      await context.setOffline(true);
      await page.reload();
      await title(page);
      expect(said).toEqual([]);
    });
  });

  test("a cold start shows the day: the server is gone, the page is new", async () => {
    await installed(async ({ context, page, served }) => {
      await page.close();
      await served.close();
      const again = await context.newPage();
      await again.goto(`${served.origin}/driver/`);
      await title(again);
    });
  });

  test("in the very first run too: the camera and its decoder start without a reload", async () => {
    await installed(async ({ context, page, served, said }) => {
      await served.close();
      await context.setOffline(true);
      await page.getByRole("button", { name: "Scan the square" }).click();
      await page.getByRole("button", { name: "Start the camera" }).click();
      const readings = () => page.evaluate(() => globalThis.readings);
      await page.waitForFunction(() => globalThis.readings.length > 0);
      expect(await readings()).not.toContain(null);
      expect(await page.getByText("The reader did not load.").count()).toBe(0);
      expect(said).toEqual([]);
    });
  });
});

test("a new version waits to be asked, and is taken by a tap", async () => {
  const [before, after] = ["Checks at the door", "Checks at your door"];
  await installed(async ({ page }) => {
    const copy = join(home, "before");
    await cp(folder, copy, { recursive: true });
    try {
      // Another page, and so another revision in the worker's list.
      const html = await readFile(join(folder, "index.html"), "utf8");
      await writeFile(join(folder, "index.html"), html.replace(before, after));
      const worker = await readFile(join(folder, "sw.js"), "utf8");
      await writeFile(
        join(folder, "sw.js"),
        worker.replace(/("?url"?:"index\.html","?revision"?:"|"?revision"?:")[0-9a-f]{8}/g, "$100000000"),
      );
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      await page.getByText("A new version is ready.").waitFor();
      const description = () => page.locator("meta[name=description]").getAttribute("content");
      // The new worker is ready and has not been let in.
      await page.waitForFunction(
        async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state === "installed",
      );
      expect(await description()).toContain(before);
      await page.getByRole("button", { name: "Take it" }).click();
      await page.waitForFunction(
        (text) => document.querySelector("meta[name=description]")?.getAttribute("content")?.includes(text),
        after,
      );
      await title(page);
    } finally {
      await rm(folder, { recursive: true });
      await cp(copy, folder, { recursive: true });
    }
  });
});

test("an invitation leaves the address bar, and is taken only by a tap", async () => {
  await installed(async ({ page, served }) => {
    await page.goto("about:blank");
    await page.goto(`${served.origin}/driver/#gk3Tt0m1mDkq7b9vWn2xQA`);
    await page.getByRole("button", { name: "Take this route" }).waitFor();
    expect(page.url()).toBe(`${served.origin}/driver/`);
    expect(served.asked.filter((path) => path.startsWith("/v1/enrolments"))).toEqual([]);
    await page.getByRole("button", { name: "Take this route" }).click();
    await page.waitForSelector(".toast");
    expect(served.asked.filter((path) => path.startsWith("/v1/enrolments"))).toHaveLength(1);
  });
});

test("what is shipped names no point at which tests kill it, and the first load is at most 150 kB without the wasm", async () => {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js"));
  for (const name of names) expect(await readFile(join(folder, name), "utf8")).not.toMatch(/announce/i);
  const loaded = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|css|html)\.gz$/.test(name));
  const sizes = await Promise.all(loaded.map(async (name) => (await readFile(join(folder, name))).length));
  expect(sizes.length).toBeGreaterThanOrEqual(6);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(150_000);
});

import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../../../tools/chromium.ts";
import { buildScreensPage } from "../fixtures/build-screens-page.ts";
import { film, HEIGHT, type Pose, WIDTH } from "../fixtures/fake-camera.ts";
import { onScreensPage } from "../fixtures/screen-faults.ts";
import type {} from "../fixtures/screens-page/screens-page.ts";
import { type Served, serveDriver } from "../fixtures/static-server.ts";

// The voucher of docs/format.md, and the longest there is: in front of a camera, held as people hold phones.
const VOUCHER =
  "DP1:ETKZPE0X3+AFZGI-5M0BGO21P4K4 7Q16ABP+03V1WNLGM4N%96W4P10T8YB.FCB-0:FMX:VP*D.4C.BPJCT7.V7+P7YJ7S0V65J+NGXGEIA*96DL6WW66:61X65X8IPDRZEC79685MZGDQQQID$.1";
const LONGEST = `DP1:${"A%$ *+-./:0123456789BCDEFGH".repeat(9).slice(0, 228)}`;

const POSES: readonly (readonly [name: string, text: string, pose: Pose])[] = [
  ["upright", VOUCHER, {}],
  ["tilted", VOUCHER, { turn: 28 }],
  ["upside down", VOUCHER, { turn: 180 }],
  ["dim", VOUCHER, { dark: 24, light: 62 }],
  ["blurred", VOUCHER, { blur: 4 }],
  ["inverted", VOUCHER, { dark: 235, light: 20 }],
  ["small", VOUCHER, { module: 3 }],
  ["close", VOUCHER, { module: 13 }],
  ["the longest, tilted", LONGEST, { module: 7, turn: 12 }],
];

let browser: Browser;
let served: Served;
let folder: string;
let cameraFolder: string;

beforeAll(async () => {
  folder = await buildScreensPage();
  served = await serveDriver(folder);
  cameraFolder = await mkdtemp(join(tmpdir(), "doorproof-camera-"));
  await look(VOUCHER, {});
  browser = await launchChromium([
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    `--use-file-for-fake-video-capture=${join(cameraFolder, "camera.y4m")}`,
  ]);
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
  await Promise.all([folder, cameraFolder].map((each) => rm(each, { recursive: true })));
});

// Renamed into place: a camera that opens in between sees the one picture or the other.
async function look(text: string, pose: Pose): Promise<void> {
  await writeFile(join(cameraFolder, "next.y4m"), film(text, pose));
  await rename(join(cameraFolder, "next.y4m"), join(cameraFolder, "camera.y4m"));
}

async function scanning(use: (page: Page, said: string[]) => Promise<void>): Promise<void> {
  await onScreensPage({ browser, served }, {}, async (page, said) => {
    await page.evaluate(() => screensPage.go("scan"));
    await page.getByRole("button", { name: "Start the camera" }).click();
    await use(page, said);
  });
}

const scanned = (page: Page) =>
  page.evaluate(() => screensPage.calls.filter(([name]) => name === "scanned").map(([, text]) => text));
const firstScan = (page: Page) => page.waitForFunction(() => screensPage.calls.some(([name]) => name === "scanned"));

/** Waits until the camera has seen the code so many times while a verdict was on the screen. */
const inViewAgain = (page: Page, times: number) =>
  page.waitForFunction((n) => screensPage.calls.filter(([name]) => name === "stillInView").length >= n, times);

describe("the camera", () => {
  test.each(POSES)("reads a code held %s", async (_name, text, pose) => {
    await look(text, pose);
    await scanning(async (page, said) => {
      await firstScan(page);
      expect(new Set(await scanned(page))).toEqual(new Set([text]));
      expect(said).toEqual([]);
    });
  });

  test("looks at nothing else while a verdict is on the screen, and goes on without starting again", async () => {
    await look(VOUCHER, {});
    await scanning(async (page) => {
      await firstScan(page);
      await page.evaluate(() =>
        screensPage.set("outcome", { kind: "refuse", code: "expired", facts: { expiresAt: 1 }, deliveryId: null }),
      );
      await inViewAgain(page, 1);
      const before = (await scanned(page)).length;
      await inViewAgain(page, 5);
      expect((await scanned(page)).length).toBe(before);
      await page.getByRole("button", { name: "Scan again" }).click();
      await page.waitForFunction(
        (seen) => screensPage.calls.filter(([name]) => name === "scanned").length > seen,
        before,
      );
    });
  });

  test("is let go when the screen is left, and asks no second time", async () => {
    await scanning(async (page) => {
      await firstScan(page);
      const track = () =>
        page.evaluate(
          () => (document.querySelector("video")?.srcObject as MediaStream | null)?.getVideoTracks()[0]?.readyState,
        );
      expect(await track()).toBe("live");
      await page.evaluate(() => {
        const stream = document.querySelector("video")?.srcObject as MediaStream | null;
        Object.assign(globalThis, { left: stream?.getVideoTracks()[0] });
      });
      await page.getByRole("button", { name: "Back" }).click();
      await page.waitForFunction(
        () => (globalThis as unknown as { left: MediaStreamTrack }).left.readyState === "ended",
      );
      await page.evaluate(() => screensPage.go("scan"));
      await page.waitForSelector(".finder-running");
    });
  });

  test("the reader's wasm comes from here, and once", async () => {
    served.asked.splice(0);
    await scanning(async (page) => {
      await firstScan(page);
      expect(served.asked.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
    });
  });
});

test("a camera that was refused says what else works, and tries again by a tap", async () => {
  await onScreensPage({ browser, served }, {}, async (page) => {
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException("no", "NotAllowedError");
      };
      screensPage.go("scan");
    });
    await page.getByRole("button", { name: "Start the camera" }).click();
    await page.getByRole("heading", { name: "The camera is not allowed" }).waitFor();
    expect(await page.getByRole("button", { name: "Try again" }).isVisible()).toBe(true);
  });
});

test("a camera that is taken away says so", async () => {
  await scanning(async (page) => {
    await page.waitForSelector(".finder-running");
    await page.evaluate(() => {
      const stream = document.querySelector("video")?.srcObject as MediaStream | null;
      stream?.getVideoTracks()[0]?.dispatchEvent(new Event("ended"));
    });
    await page.getByRole("heading", { name: "The camera was taken away" }).waitFor();
  });
});

test("without the wasm it says so, and works as soon as the wasm is there", async () => {
  await look(VOUCHER, {});
  await onScreensPage({ browser, served }, {}, async (page) => {
    let missing = true;
    await page.route("**/*.wasm", (route) => (missing ? route.abort() : route.continue()));
    await page.evaluate(() => screensPage.go("scan"));
    await page.getByRole("button", { name: "Start the camera" }).click();
    await page.getByText("The reader did not load.").waitFor();
    missing = false;
    await firstScan(page);
    await page.getByText("The reader did not load.").waitFor({ state: "detached" });
  });
});

describe("a photo of a code", () => {
  test("is read", async () => {
    await onScreensPage({ browser, served }, {}, async (page) => {
      await page.evaluate(() => screensPage.go("scan"));
      const photo = { name: "photo.png", mimeType: "image/png", buffer: toPng(film(VOUCHER, { turn: 8, module: 6 })) };
      await page.locator(".photo input").setInputFiles(photo);
      await firstScan(page);
      expect(await scanned(page)).toEqual([VOUCHER]);
    });
  });

  test.each([
    ["without a code", toPng(film("0", { dark: 200, light: 200 }))],
    ["that is no picture", Buffer.from("not a picture")],
  ])("%s is told", async (_name, buffer) => {
    await onScreensPage({ browser, served }, {}, async (page) => {
      await page.evaluate(() => screensPage.go("scan"));
      await page.locator(".photo input").setInputFiles({ name: "photo.png", mimeType: "image/png", buffer });
      await page.getByText("No voucher in this photo.").waitFor();
      expect(await scanned(page)).toEqual([]);
    });
  });
});

/** The film's one picture, as a phone would hand it over. */
function toPng(bytes: Uint8Array): Buffer {
  const luma = bytes.subarray(bytes.length - (WIDTH * HEIGHT * 3) / 2);
  const png = new PNG({ width: WIDTH, height: HEIGHT });
  for (let at = 0; at < WIDTH * HEIGHT; at++)
    png.data.fill(luma[at] ?? 0, at * 4, at * 4 + 3).fill(255, at * 4 + 3, at * 4 + 4);
  return PNG.sync.write(png);
}

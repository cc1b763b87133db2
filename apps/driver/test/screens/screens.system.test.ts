import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../../../tools/chromium.ts";
import { LANGUAGES } from "../../src/languages/language.ts";
import { buildScreensPage } from "../fixtures/build-screens-page.ts";
import { OUTCOMES } from "../fixtures/outcomes.ts";
import {
  faults,
  onScreensPage,
  overflowing,
  PHONE,
  setOutcome,
  settle,
  smallTargets,
} from "../fixtures/screen-faults.ts";
import type {} from "../fixtures/screens-page/screens-page.ts";
import { type Served, serveDriver } from "../fixtures/static-server.ts";

let browser: Browser;
let served: Served;
let folder: string;

beforeAll(async () => {
  folder = await buildScreensPage();
  served = await serveDriver(folder);
  browser = await launchChromium(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
  await rm(folder, { recursive: true });
});

const on = (options: object, use: (page: Page, said: string[]) => Promise<void>) =>
  onScreensPage({ browser, served }, options, use);

const STOP = "RR123456783DE";

/** Every screen, and how a driver's day brings it about. */
const SCREENS: readonly (readonly [name: string, act: (stop: string) => void])[] = [
  ["stops", () => {}],
  ["stops, new version", () => screensPage.updateReady()],
  ["stop", (stop) => openStop(stop)],
  ["stop, neighbour", (stop) => openStop(stop, () => screensPage.set("taker", { who: "neighbour", name: "Holt" }))],
  ["stop, closed", () => openStop("RR123456782DE")],
  ["scan, before", () => screensPage.go("scan")],
  ["type", (stop) => openStop(stop, () => screensPage.go("type"))],
  ["type, pause", (stop) => openStop(stop, () => pauseAndType(stop))],
  ["could not deliver", (stop) => openStop(stop, () => screensPage.go("failed"))],
  ["log", () => screensPage.go("log")],
  ["device", () => screensPage.go("device")],
  ["device of a page", () => screensPage.withoutNetwork() ?? screensPage.go("device")],
  ["languages", () => screensPage.go("languages")],
  ["not enrolled", () => screensPage.set("phase", "not-enrolled")],
  ["invited", () => screensPage.invite({ kind: "enrol", token: "t".repeat(22) })],
  ["pin", () => screensPage.go("pin")],
  ["courier", () => screensPage.set("phase", "third-party")],
  ["broken", () => screensPage.set("phase", "broken")],
  ["starting", () => screensPage.set("phase", "starting")],
  ["second tab", () => screensPage.set("owner", false)],
  ["trouble", () => screensPage.set("trouble", "no-connection")],
  ["trouble, too many enrol", () => screensPage.set("trouble", { again: screensPage.now + 42 })],
];

async function bring(page: Page, act: (stop: string) => void): Promise<void> {
  // They run in the page, where these two are not.
  await page.evaluate(() => {
    Object.assign(globalThis, {
      openStop: (stop: string, then = () => {}) => {
        screensPage.set("open", stop);
        screensPage.go("stop");
        then();
      },
      pauseAndType: (stop: string) => {
        screensPage.set("pause", { deliveryId: stop, until: screensPage.now + 8 });
        screensPage.go("type");
      },
    });
  });
  await page.evaluate(act, STOP);
  await settle(page);
}

declare function openStop(stop: string, then?: () => void): void;
declare function pauseAndType(stop: string): void;

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  test("every row of the verdict table: axe, contrast 7:1, targets of 48 px", async () => {
    await on({ colorScheme, reducedMotion: "reduce" }, async (page, said) => {
      for (const { name, outcome } of OUTCOMES) {
        await setOutcome(page, outcome);
        const isToast = outcome.kind === "not-a-voucher";
        expect({ name, shown: await page.locator(".result").count() }).toEqual({ name, shown: isToast ? 0 : 1 });
        expect({ name, faults: await faults(page) }).toEqual({ name, faults: [] });
        expect({ name, small: await smallTargets(page) }).toEqual({ name, small: [] });
        await page.evaluate(() => screensPage.set("outcome", null));
      }
      expect(said).toEqual([]);
    });
  });

  test.each(SCREENS)("%s: axe, targets of 48 px, nothing said on the console", async (_name, act) => {
    await on({ colorScheme }, async (page, said) => {
      await bring(page, act);
      expect(await faults(page)).toEqual([]);
      expect(await smallTargets(page)).toEqual([]);
      expect(said).toEqual([]);
    });
  });
});

describe.each<[width: number, height: number, percent: number]>([
  [390, 844, 100],
  [390, 844, 200],
  [320, 568, 100],
  [844, 390, 100],
  [844, 390, 200],
  [1280, 800, 100],
])("%i x %i, text at %i percent", (width, height, percent) => {
  test("every screen and verdict fits across, and each action is on the screen", async () => {
    await on({ viewport: { width, height } }, async (page) => {
      for (const [name, act] of SCREENS) {
        await page.reload();
        await page.evaluate((size) => document.documentElement.style.setProperty("font-size", size), `${percent}%`);
        await bring(page, act);
        expect({ name, overflowing: await overflowing(page) }).toEqual({ name, overflowing: [] });
        expect({ name, hidden: await hiddenActions(page) }).toEqual({ name, hidden: [] });
      }
      for (const language of LANGUAGES) {
        await page.evaluate((chosen) => screensPage.language(chosen), language);
        for (const { name, outcome } of OUTCOMES) {
          await setOutcome(page, outcome);
          const where = { name, language };
          expect({ ...where, overflowing: await overflowing(page) }).toEqual({ ...where, overflowing: [] });
          expect({ ...where, hidden: await hiddenActions(page) }).toEqual({ ...where, hidden: [] });
        }
      }
    });
  });
});

/** The way on must be reached without searching: the main action lies whole inside of the window. */
async function hiddenActions(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".dock .action-main")]
      .filter((action) => action.checkVisibility({ visibilityProperty: true }))
      .filter((action) => {
        action.scrollIntoView({ block: "nearest" });
        const { top, bottom } = action.getBoundingClientRect();
        return top < -1 || bottom > innerHeight + 1;
      })
      .map((action) => action.textContent ?? ""),
  );
}

describe("one hand", () => {
  test("the actions of each screen lie in the lower half", async () => {
    await on({}, async (page) => {
      for (const [name, act] of SCREENS) {
        await page.reload();
        await bring(page, act);
        const tops = await page
          .locator(".dock .action-main")
          .evaluateAll((actions) => actions.map((action) => action.getBoundingClientRect().top));
        for (const top of tops) expect({ name, low: top > PHONE.height / 2 }).toEqual({ name, low: true });
      }
    });
  });

  test("undo stands for ten seconds", async () => {
    await on({}, async (page) => {
      await page.locator(".bar").getByRole("button", { name: "Undo" }).click();
      expect(await page.evaluate(() => screensPage.calls.at(-1))).toEqual(["undo", "a"]);
      await page.evaluate(() => screensPage.tick(6));
      await settle(page);
      expect(await page.locator(".bar").count()).toBe(0);
    });
  });

  test("the phone's own back leads back, and not out of the app", async () => {
    await on({}, async (page) => {
      await page.locator(".next-stop").click();
      await page.getByRole("button", { name: "Scan the voucher" }).click();
      expect(await page.locator(".frame-scan").count()).toBe(1);
      await page.goBack();
      expect(await page.locator(".frame-stop").count()).toBe(1);
      await page.goBack();
      await page.waitForSelector(".frame-stops");
      expect(await page.evaluate(() => screensPage.calls.filter(([name]) => name === "openStop").at(-1))).toEqual([
        "openStop",
        null,
      ]);
    });
  });

  test("search finds without accents", async () => {
    await on({}, async (page) => {
      await page.getByRole("button", { name: "Search", exact: true }).click();
      await page.keyboard.type("muller");
      const rows = await page.locator(".stop-row strong").allTextContents();
      expect(rows.length).toBe(3);
      expect(new Set(rows)).toEqual(new Set(["Müller Optik, Kirchgasse 9"]));
    });
  });

  test("who takes it is told before the scan", async () => {
    await on({}, async (page) => {
      await page.locator(".next-stop").click();
      await page.getByText("Neighbour", { exact: true }).click();
      await page.getByLabel("Neighbour’s name or flat").fill("Holt, 16");
      expect(await page.evaluate(() => screensPage.calls.at(-1))).toEqual(["chooseTaker", "neighbour", "Holt, 16"]);
    });
  });

  test("could not deliver: a reason, a note, saved", async () => {
    await on({}, async (page) => {
      await page.locator(".next-stop").click();
      await page.getByRole("button", { name: "Could not deliver" }).click();
      expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
      await page.getByText("Nobody answers").click();
      await page.getByLabel("Note, if it helps").fill("dog");
      await page.getByRole("button", { name: "Save" }).click();
      expect(await page.evaluate(() => screensPage.calls.filter(([name]) => name === "attempt"))).toEqual([
        ["attempt", STOP, "no-answer", "dog"],
      ]);
      await page.waitForSelector(".frame-stops");
    });
  });

  test("the language switch is found without reading, and says itself in each language", async () => {
    await on({}, async (page) => {
      await page.locator(".tongue").click();
      await page.getByRole("button", { name: "Deutsch" }).click();
      expect(await page.locator("html").getAttribute("lang")).toBe("de");
      expect(await page.locator("h1").textContent()).toBe("Stopps heute");
    });
  });
});

test("no label, name or note of a stranger turns the direction of what stands beside it, on any screen", async () => {
  // "Flat 3" behind an override would read "3 talF", and an isolate that is never closed would take the rest along.
  const turned = (text: string) => `\u202e${text}\u2066\u200f`;
  await on({}, async (page) => {
    const label = turned("14 Mill Lane");
    await page.evaluate(
      ([label, name, note]) => {
        const stops = screensPage.get("stops").map((each) => ({ ...each, label }));
        const log = screensPage.get("log").map((entry) => ({ ...entry, label, name, note }));
        screensPage.set("stops", stops);
        screensPage.set("log", log);
        screensPage.set("identity", { issuer: label, route: label });
        screensPage.set("taker", { who: "neighbour", name });
      },
      [label, turned("Holt"), turned("dog")] as const,
    );
    const seen = async () => (await page.locator("body").textContent()) ?? "";
    const texts: string[] = [];
    for (const place of ["home", "scan", "log", "device"] as const) {
      await page.evaluate((next) => screensPage.go(next), place);
      await settle(page);
      texts.push(await seen());
    }
    await page.evaluate((stop) => {
      screensPage.set("open", stop);
      screensPage.go("stop");
    }, STOP);
    await settle(page);
    texts.push(await seen());
    for (const { outcome } of OUTCOMES) {
      await setOutcome(page, "label" in outcome ? { ...outcome, label } : outcome);
      texts.push(await seen());
    }
    for (const text of texts) expect(text).not.toMatch(/\p{Bidi_Control}/u);
    for (const text of ["14 Mill Lane", "Holt", "dog"]) expect(texts.join("\n")).toContain(text);
  });
});

test("the label that a courier types is the open stop, letter by letter, whatever scans then", async () => {
  await on({}, async (page) => {
    await page.evaluate(() => screensPage.set("phase", "third-party"));
    await page.locator("#delivery").pressSequentially("RR 1ä2");
    // What no delivery ID holds is not seen either: the field shows what is compared.
    expect(await page.locator("#delivery").inputValue()).toBe("RR12");
    const opened = () => page.evaluate(() => screensPage.calls.filter(([name]) => name === "openStop"));
    expect((await opened()).at(-1)).toEqual(["openStop", "RR12"]);
    await page.getByRole("button", { name: "Scan", exact: true }).click();
    expect(await page.locator(".frame-scan h1").textContent()).toBe("RR12");
    await page.goBack();
    await page.waitForSelector(".frame-stops");
    expect(await page.locator("#delivery").inputValue()).toBe("");
    expect((await opened()).at(-1)).toEqual(["openStop", null]);
  });
});

test("the readiness line says what is wrong in words, and stands on every screen", async () => {
  await on({}, async (page) => {
    expect(await page.locator(".fact").allTextContents()).toEqual([
      "Keys 2 hrs",
      "List 25 mins",
      "2 unsent",
      "Clock right",
      "Version 0.1.0",
    ]);
    await page.evaluate(() =>
      screensPage.set("readiness", {
        ...{
          keysAge: 9 * 86_400,
          revocationsAge: null,
          manifestAge: 9,
          manifestExpired: true,
          unsent: 12,
          deadLetters: 1,
        },
        ...{ clockDifference: -4000, syncedAt: null, sync: "revoked", syncing: false, documentRefused: null },
        ...{ version: "0.1.0", persisted: false },
      }),
    );
    await settle(page);
    expect(await page.locator(".fact.bad").allTextContents()).toEqual([
      "Route ran out",
      "Device withdrawn",
      "1 stuck",
      "Keys 9 days",
      "No list",
      "Clock 1 hr ahead",
    ]);
    for (const place of ["log", "device", "scan", "languages"] as const) {
      await page.evaluate((next) => screensPage.go(next), place);
      expect(await page.locator(".readiness").isVisible()).toBe(true);
    }
  });
});

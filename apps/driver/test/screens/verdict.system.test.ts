import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { OUTCOMES } from "../fixtures/outcomes.ts";
import { setOutcome } from "../fixtures/screen-faults.ts";
import type {} from "../fixtures/screens-page/screens-page.ts";
import { stageScreens } from "../fixtures/screens-stage.ts";

const { on } = stageScreens();

/** From now on the page's clock moves when the test moves it, so that a fast machine and a slow one see the same. */
async function stopClock(page: Page): Promise<void> {
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1_000);
}

describe("the verdict", () => {
  const named = (name: string) => OUTCOMES.find((each) => each.name === name)?.outcome as object;
  const show = (page: Page, name: string) => page.evaluate((shown) => screensPage.set("outcome", shown), named(name));

  test.each([
    ["accept", 1_000, 2_500],
    ["accept, every note", 3_500, 5_000],
  ])(
    "%s: green stands to be read, and gets out of the way by itself, and its stop is closed",
    async (name, read, gone) => {
      await on({}, async (page) => {
        await page.evaluate(() => {
          screensPage.set("open", "RR123456783DE");
          screensPage.go("stop");
        });
        await stopClock(page);
        await show(page, name);
        await page.clock.runFor(read);
        expect(await page.locator(".result-accept").count()).toBe(1);
        await page.clock.runFor(gone - read);
        expect(await page.locator(".result").count()).toBe(0);
        expect(await page.evaluate(() => screensPage.calls.map(([name, value]) => [name, value]))).toContainEqual([
          "openStop",
          null,
        ]);
        expect(await page.locator("h1").textContent()).toContain("Today");
      });
    },
  );

  test("green goes at a tap anywhere", async () => {
    await on({}, async (page) => {
      await setOutcome(page, named("accept, every note"));
      await page.locator(".verdict").click({ position: { x: 10, y: 10 } });
      expect(await page.locator(".result").count()).toBe(0);
    });
  });

  test("red stays, tells what to do, and takes the focus; what is under it cannot be reached", async () => {
    await on({}, async (page) => {
      await stopClock(page);
      await show(page, "refuse, already-used");
      await page.clock.runFor(600_000);
      expect(await page.locator(".what-next").isVisible()).toBe(true);
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Already used");
      await page.locator(".verdict").click({ position: { x: 10, y: 10 } });
      expect(await page.locator(".result-refuse").count()).toBe(1);
      for (let step = 0; step < 12; step++) {
        await page.keyboard.press("Tab");
        expect(await page.evaluate(() => document.activeElement?.closest(".screen") === null)).toBe(true);
      }
    });
  });

  test.each([
    ["Hand over", "hand-over"],
    ["Hold back", "hold-back"],
  ])("amber asks: %s", async (label, choice) => {
    await on({}, async (page) => {
      await setOutcome(page, named("decide, old list"));
      await page.getByRole("button", { name: label }).click();
      expect(await page.evaluate(() => screensPage.calls.at(-1))).toEqual(["decide", choice]);
    });
  });

  test("what is no voucher is a quiet toast that goes again; nothing is opened", async () => {
    await on({}, async (page) => {
      await stopClock(page);
      await show(page, "not a voucher");
      await page.clock.runFor(2_500);
      expect(await page.locator(".toast").textContent()).toContain("This is no voucher.");
      await page.clock.runFor(2_000);
      expect(await page.locator(".toast").count()).toBe(0);
    });
  });

  test("colour is never the only sign: each tone has its own mark and its own word", async () => {
    await on({}, async (page) => {
      const seen = new Map<string, string>();
      for (const name of ["accept", "decide, old list", "refuse, expired"]) {
        await setOutcome(page, named(name));
        const mark = await page.locator(".mark path").getAttribute("d");
        seen.set(mark ?? "", (await page.locator("#verdict").textContent()) ?? "");
      }
      expect(seen.size).toBe(3);
      expect(new Set(seen.values()).size).toBe(3);
    });
  });
});

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { LANGUAGES } from "../../src/languages/language.ts";
import { OUTCOMES } from "../fixtures/outcomes.ts";
import { faults, overflowing, setOutcome, settle, smallTargets } from "../fixtures/screen-faults.ts";
import type {} from "../fixtures/screens-page/screens-page.ts";
import type { Stage } from "../fixtures/screens-stage.ts";

export const STOP = "RR123456783DE";

/** Every screen, and how a driver's day brings it about. */
export const SCREENS: readonly (readonly [name: string, act: (stop: string) => void])[] = [
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

export async function bring(page: Page, act: (stop: string) => void): Promise<void> {
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

/** In a colour scheme every screen and verdict can be read and hit; before each commit in one, in `test:long` in both. */
export function schemesHold({ on }: Stage, schemes: readonly ("light" | "dark")[]): void {
  describe.each(schemes)("%s", (colorScheme) => {
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
}

type Size = readonly [width: number, height: number, percent: number];

/** On a window of this size every screen and verdict fits, in every language. */
export function sizesHold({ on }: Stage, sizes: readonly Size[]): void {
  describe.each(sizes)("%i x %i, text at %i percent", (width, height, percent) => {
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
}

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

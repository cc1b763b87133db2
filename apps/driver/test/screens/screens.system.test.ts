import { describe, expect, test } from "vitest";
import { OUTCOMES } from "../fixtures/outcomes.ts";
import { PHONE, setOutcome, settle } from "../fixtures/screen-faults.ts";
import type {} from "../fixtures/screens-page/screens-page.ts";
import { stageScreens } from "../fixtures/screens-stage.ts";
import { bring, SCREENS, STOP, schemesHold, sizesHold } from "./screens.contract.ts";

const stage = stageScreens();
const { on } = stage;

schemesHold(stage, ["light"]);
// The usual phone, and the smallest; the others and the dark are in screens.long.test.ts.
sizesHold(stage, [
  [390, 844, 100],
  [320, 568, 100],
]);

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

import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test } from "vitest";
import type {} from "../fixtures/screens-page/screens-page.ts";
import { stageScreens } from "../fixtures/screens-stage.ts";

const { on, asked } = stageScreens();

const STOP = "RR123456783DE";
const RIGHT = "WSDFX-1H4VD";

async function atTheField(use: (page: Page) => Promise<void>): Promise<void> {
  await on({}, async (page, said) => {
    await page.evaluate((stop) => {
      screensPage.set("open", stop);
      screensPage.go("type");
    }, STOP);
    await page.waitForSelector("#code:focus");
    await use(page);
    expect(said).toEqual([]);
  });
}

const shown = (page: Page) =>
  page.locator("#code").evaluate((field: HTMLInputElement) => {
    const at = field.selectionStart ?? -1;
    return `${field.value.slice(0, at)}|${field.value.slice(at)}`;
  });
const fault = (page: Page) => page.locator("#code-fault").textContent();
const typed = (page: Page) =>
  page.evaluate(() => screensPage.calls.filter(([name]) => name === "typed" || name === "scanned"));

describe("the field for the short code", () => {
  test("is one field that no keyboard corrects, and has no maxlength", async () => {
    await atTheField(async (page) => {
      expect(await page.locator("#code").count()).toBe(1);
      const attributes = await page
        .locator("#code")
        .evaluate((field) => Object.fromEntries([...field.attributes].map(({ name, value }) => [name, value])));
      expect(attributes).toMatchObject({
        type: "text",
        inputmode: "text",
        autocapitalize: "characters",
        autocomplete: "off",
        autocorrect: "off",
        spellcheck: "false",
      });
      expect(attributes).not.toHaveProperty("maxlength");
    });
  });

  test("groups as it is typed, forgives case and look-alikes, and asks the day", async () => {
    await atTheField(async (page) => {
      await page.keyboard.type("wsdfx");
      expect(await shown(page)).toBe("WSDFX|");
      await page.keyboard.type("lh");
      expect(await shown(page)).toBe("WSDFX-1H|");
      await page.keyboard.type("4vd");
      expect(await shown(page)).toBe(`${RIGHT}|`);
      expect(await fault(page)).toBe("");
      await page.keyboard.press("Enter");
      expect(await typed(page)).toEqual([["typed", RIGHT, STOP]]);
    });
  });

  test("the caret never jumps: mending the middle, away over the hyphen in both directions", async () => {
    await atTheField(async (page) => {
      await page.keyboard.type("WSDFX1H4VD");
      for (let step = 0; step < 9; step++) await page.keyboard.press("ArrowLeft");
      expect(await shown(page)).toBe("WS|DFX-1H4VD");
      await page.keyboard.press("Backspace");
      expect(await shown(page)).toBe("W|DFX1-H4VD");
      await page.keyboard.type("s");
      expect(await shown(page)).toBe("WS|DFX-1H4VD");
      for (let step = 0; step < 4; step++) await page.keyboard.press("ArrowRight");
      expect(await shown(page)).toBe("WSDFX-|1H4VD");
      await page.keyboard.press("Backspace");
      expect(await shown(page)).toBe("WSDF|1-H4VD");
      await page.keyboard.type("x");
      expect(await shown(page)).toBe("WSDFX|-1H4VD");
      await page.keyboard.press("Delete");
      expect(await shown(page)).toBe("WSDFX|-H4VD");
    });
  });

  test.each([
    ["wsdfx 1h4vd"],
    ["  WSDFX–1H4VD  "],
    [
      "Your parcel comes today. Show https://x.example/v/gk3Tt0m1mDkq7b9vWn2xQA at the door, or say the code WSDFX-1H4VD.",
    ],
  ])("a paste of %j", async (text) => {
    await atTheField(async (page) => {
      await page.evaluate((pasted) => {
        document.execCommand("insertText", false, pasted);
      }, text);
      expect(await shown(page)).toBe(`${RIGHT}|`);
    });
  });

  test("a slip is told under the field, at the tenth character and not before; nothing is asked", async () => {
    await atTheField(async (page) => {
      await page.keyboard.type("WSDFX1H4V");
      expect(await fault(page)).toBe("");
      await page.keyboard.type("E");
      expect(await fault(page)).toContain("Typing slip");
      expect(await page.locator("#code").getAttribute("aria-invalid")).toBe("true");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Check" }).click();
      expect(await typed(page)).toEqual([]);
      expect(await page.locator(".result").count()).toBe(0);
    });
  });

  test("too few and too many are counted", async () => {
    await atTheField(async (page) => {
      await page.keyboard.type("WSDFX1H4");
      await page.keyboard.press("Enter");
      expect(await fault(page)).toBe("2 characters are missing.");
      await page.keyboard.type("VDK");
      expect(await fault(page)).toBe("1 character too many.");
    });
  });

  test("in the pause nothing is asked, the seconds go down, and scanning is offered", async () => {
    await atTheField(async (page) => {
      await page.evaluate((stop) => screensPage.set("pause", { deliveryId: stop, until: screensPage.now + 10 }), STOP);
      await page.keyboard.type(RIGHT);
      await page.keyboard.press("Enter");
      expect(await typed(page)).toEqual([]);
      expect(await page.locator(".pause").textContent()).toContain("10 seconds");
      await page.evaluate(() => screensPage.tick(9));
      await page.waitForFunction(() => document.querySelector(".pause")?.textContent?.includes("1 second;"));
      await page.evaluate(() => screensPage.tick(10));
      await page.waitForSelector(".pause", { state: "detached" });
      await page.keyboard.press("Enter");
      expect(await typed(page)).toEqual([["typed", RIGHT, STOP]]);
    });
  });

  test("a hardware scanner may type the voucher itself", async () => {
    await atTheField(async (page) => {
      const voucher = "DP1:ETKZPE0X3+AFZGI-5M0BGO21P4K4 7Q16ABP+03V1WNLGM4N%96W4P10T8YB.FCB-0:FMX:VP*D";
      await page.keyboard.type(voucher);
      await page.keyboard.press("Enter");
      expect(await typed(page)).toEqual([["scanned", voucher]]);
    });
  });
});

describe("a scanner that types, anywhere else", () => {
  beforeEach(() => asked().splice(0));

  const text = "DP1:AB CD/EF$%*+-.:";

  async function listening(use: (page: Page) => Promise<void>): Promise<void> {
    await on({}, async (page) => {
      await page.evaluate(() => screensPage.listen());
      await use(page);
    });
  }

  test("is heard over a focused button, which hears none of it", async () => {
    await listening(async (page) => {
      await page.locator(".next-stop").focus();
      await typeInTime(page, text, 10);
      expect(await page.evaluate(() => screensPage.calls)).toEqual([["scanned", text]]);
      expect(await page.locator(".frame-stops").count()).toBe(1);
    });
  });

  test("a person on the same keys is not", async () => {
    await listening(async (page) => {
      await typeInTime(page, "DP1:ABCD", 120);
      expect(await page.evaluate(() => screensPage.calls)).toEqual([]);
    });
  });
});

/** Each key, and then Enter, so many milliseconds after the one before by the browser's clock, however slow the machine. */
async function typeInTime(page: Page, text: string, gap: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  let timestamp = Date.now() / 1000;
  for (const key of [...text, "Enter"]) {
    timestamp += gap / 1000;
    const typed = key === "Enter" ? "\r" : key;
    const press = { key, text: typed, windowsVirtualKeyCode: typed.toUpperCase().charCodeAt(0), timestamp };
    await session.send("Input.dispatchKeyEvent", { type: "keyDown", ...press });
    await session.send("Input.dispatchKeyEvent", { type: "keyUp", ...press });
  }
  await session.detach();
}

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../../tools/chromium.ts";
import { headers, languages, renderPage, renderQrPng, renderQrSvg } from "../src/index.ts";
import { readQrCodes } from "./read-qr.ts";
import { allViews, longestText, overStates, readyView, voucherText } from "./views.ts";

// As the issuer serves it, in a real browser, with JavaScript off unless a test says otherwise.
let browser: Browser;
let server: Server;
let origin: string;

const pages = new Map(allViews.map((view) => [`/${view.language}/${view.state}`, renderPage(view)]));
const attack = `<script>document.title = "taken"</script><style>h1 { color: rgb(1, 2, 3) }</style><p style="color: rgb(1, 2, 3)" onclick="1">`;
pages.set("/longest", renderPage({ ...readyView("de"), voucherText: longestText }));
pages.set("/attacked", (pages.get("/en/ready") ?? "").replace("<h1>", `${attack}<h1>`));
pages.set("/framing", `<iframe src="/en/ready"></iframe>`);

beforeAll(async () => {
  server = createServer(async ({ url = "" }, answer) => {
    if (url.endsWith(".svg")) {
      answer.writeHead(200, { ...headers, "content-type": "image/svg+xml" }).end(renderQrSvg(voucherText));
    } else if (url.endsWith(".png")) {
      answer.writeHead(200, { ...headers, "content-type": "image/png" }).end(await renderQrPng(voucherText));
    } else {
      const page = pages.get(url);
      const sent = url === "/framing" ? {} : headers;
      answer
        .writeHead(page === undefined ? 404 : 200, { ...sent, "content-type": "text/html; charset=utf-8" })
        .end(page);
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, javaScriptEnabled: false } as const;

/**
 * Opens a page, hands it to `use` with all that the console said and all that was asked of the server, and closes it.
 */
async function visit(
  path: string,
  options: BrowserContextOptions,
  use: (page: Page, said: string[], asked: string[]) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ ...phone, ...options });
  try {
    const page = await context.newPage();
    const said: string[] = [];
    const asked: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(origin + path);
    await use(page, said, asked);
  } finally {
    await context.close();
  }
}

describe.each(["light", "dark"] as const)("on a phone, %s", (colorScheme) => {
  test.each(languages)("the first screen shows a QR that an independent reader reads, %s", async (language) => {
    await visit(`/${language}/ready`, { colorScheme }, async (page, said, asked) => {
      expect(await readQrCodes(await page.screenshot())).toEqual([{ text: voucherText, ecLevel: "M", version: "6" }]);
      expect(said).toEqual([]);
      expect(asked).toEqual([`${origin}/${language}/ready`]);
    });
  });

  test("the longest voucher too", async () => {
    await visit("/longest", { colorScheme }, async (page) => {
      expect(await readQrCodes(await page.screenshot())).toEqual([{ text: longestText, ecLevel: "M", version: "9" }]);
    });
  });

  test.each(overStates)("after it is over there is nothing to read: %s", async (state) => {
    await visit(`/en/${state}`, { colorScheme }, async (page, said) => {
      expect(await readQrCodes(await page.screenshot({ fullPage: true }))).toEqual([]);
      expect(await page.locator("h1").count()).toBe(1);
      expect(said).toEqual([]);
    });
  });

  test.each(["ready", ...overStates])("all text stands out at 7:1 or more: %s", async (state) => {
    await visit(`/en/${state}`, { colorScheme }, async (page) => {
      const texts = await page.evaluate(textColours);
      expect(texts.length).toBeGreaterThan(1);
      for (const { text, ink, ground } of texts)
        expect({ text, stands: contrast(ink, ground) >= 7 }).toEqual({ text, stands: true });
    });
  });
});

describe.each<[width: number, height: number]>([
  [320, 568],
  [390, 844],
  [568, 320],
  [844, 390],
  [1280, 800],
])("%i x %i", (width, height) => {
  test.each([100, 200])("text at %i percent: nothing overflows, the QR is whole and large", async (percent) => {
    for (const language of languages) {
      await visit(`/${language}/ready`, { viewport: { width, height } }, async (page) => {
        // As a reader's own default size does it: rem follows, pixels stay.
        await page.evaluate((size) => document.documentElement.style.setProperty("font-size", size), `${percent}%`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(await page.evaluate(overflowing)).toEqual([]);
        const qr = await page.locator(".qr svg").boundingBox();
        // A phone has 160 or so CSS pixels an inch: 40 mm are 252 of them.
        expect(qr?.width).toBeGreaterThanOrEqual(252);
        expect(qr?.height).toBe(qr?.width);
        expect(qr?.height).toBeLessThanOrEqual(height);
        await page.locator(".qr").scrollIntoViewIfNeeded();
        expect(await readQrCodes(await page.screenshot())).toHaveLength(1);
      });
    }
  });
});

test.each(languages)(
  "on a phone the QR fills the width, the code stands in one line, and the rule is on the first screen, %s",
  async (language) => {
    await visit(`/${language}/ready`, {}, async (page) => {
      expect((await page.locator(".qr svg").boundingBox())?.width).toBeGreaterThanOrEqual(360);
      const [left, right] = await page
        .locator(".code span")
        .evaluateAll((halves) => halves.map((half) => half.getBoundingClientRect().top));
      expect(left).toBe(right);
      const rule = await page.locator(".rule").boundingBox();
      expect((rule?.y ?? 844) + (rule?.height ?? 0)).toBeLessThanOrEqual(844);
    });
  },
);

test("a screen reader hears the code spelled and the QR named", async () => {
  await visit("/de/ready", {}, async (page) => {
    const tree = await page.locator("main").ariaSnapshot();
    expect(tree).toContain('img "QR-Code zum Scannen an der Tür"');
    expect(tree).toContain(
      'img "sieben, K Köln, Q Quickborn, vier, M München, zwei, X Xanten, N Nürnberg, acht, P Potsdam"',
    );
  });
});

test("on paper the QR is there and is read", async () => {
  await visit("/en/ready", { colorScheme: "dark" }, async (page) => {
    await page.emulateMedia({ media: "print" });
    expect(await readQrCodes(await page.screenshot({ fullPage: true }))).toHaveLength(1);
    expect(await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    expect(await page.locator("footer").isVisible()).toBe(false);
  });
});

test.each(["light", "dark"] as const)("in forced colours, %s, the QR keeps its own", async (colorScheme) => {
  await visit("/en/ready", { colorScheme, forcedColors: "active" }, async (page) => {
    expect(await readQrCodes(await page.screenshot())).toHaveLength(1);
  });
});

test.each(["svg", "png"])("the picture to keep is served and read: %s", async (kind) => {
  await visit(`/qr.${kind}`, {}, async (page) => {
    expect(await readQrCodes(await page.screenshot())).toEqual([{ text: voucherText, ecLevel: "M", version: "6" }]);
  });
});

describe("the policy, with JavaScript on", () => {
  test("runs no script and takes no other style that got into the page", async () => {
    await visit("/attacked", { javaScriptEnabled: true }, async (page, said) => {
      expect(await page.title()).toBe("Show this at the door");
      expect(await page.locator("h1").evaluate((h1) => getComputedStyle(h1).color)).not.toBe("rgb(1, 2, 3)");
      // Script, style and style attribute: three refusals, each in the console. The click's is not one before there is
      // a click.
      expect(said.filter((line) => /Content Security Policy/.test(line)).length).toBeGreaterThanOrEqual(3);
    });
  });

  test("lets nobody frame the page", async () => {
    await visit("/framing", { javaScriptEnabled: true }, async (page) => {
      expect(await page.frameLocator("iframe").locator("h1").count()).toBe(0);
    });
  });
});

type Colour = [red: number, green: number, blue: number];

// Runs in the page: each element that has text of its own, its colour and the nearest ground behind it.
function textColours(): { text: string; ink: Colour; ground: Colour }[] {
  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const groundOf = (element: Element | null): Colour => {
    if (element === null) return [255, 255, 255];
    const [red = 0, green = 0, blue = 0, alpha = 1] = channels(getComputedStyle(element).backgroundColor);
    return alpha === 1 ? [red, green, blue] : groundOf(element.parentElement);
  };
  return [...document.querySelectorAll("body *")]
    .filter((element) =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
    )
    .map((element) => {
      const [red = 0, green = 0, blue = 0] = channels(getComputedStyle(element).color);
      return { text: element.textContent ?? "", ink: [red, green, blue], ground: groundOf(element) };
    });
}

// Runs in the page: elements of which a part lies outside the screen's width, or outside the box that they stand in.
function overflowing(): string[] {
  return [...document.querySelectorAll("main *:not(svg *)")]
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return (
        left < 0 ||
        right > document.documentElement.clientWidth ||
        (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
      );
    })
    .map((element) => `${element.tagName} ${element.textContent}`);
}

/** WCAG 2.2, "contrast ratio". */
function contrast(one: Colour, other: Colour): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour
    .map((byte) => byte / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

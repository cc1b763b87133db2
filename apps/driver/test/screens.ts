import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Served } from "./serve.ts";

export const PHONE = { width: 390, height: 844 };

/** Opens the screens in a window of their own and hands over the page with all that the console said; a policy's refusal is said there too. */
export async function onStage(
  { browser, served }: { browser: Browser; served: Served },
  options: BrowserContextOptions,
  use: (page: Page, said: string[]) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: PHONE, timezoneId: "Europe/London", ...options });
  try {
    await context.addInitScript({ content: await axeSource });
    const page = await context.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await page.goto(`${served.origin}/driver/`);
    await page.waitForSelector(".app h1", { state: "attached" });
    await use(page, said);
  } finally {
    await context.close();
  }
}

const axeSource = readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

interface AxeWindow {
  axe: {
    run(
      where: object,
      options: object,
    ): Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[] }>;
  };
}

/** What axe finds, A to AAA of contrast: none is a pass. */
export async function faults(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as AxeWindow;
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const options = { runOnly: tags, rules: { "color-contrast-enhanced": { enabled: true } } };
    const { violations } = await axe.run(document, options);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`),
    );
  });
}

/** Buttons, fields and choices whose target is under 48 pixels in either direction. */
export async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, input, textarea, label.choice, label.action")]
      .filter((target) => target.closest("label") === null || target.matches("label"))
      .filter((target) => target.checkVisibility({ visibilityProperty: true }))
      .filter((target) => {
        const { width, height } = target.getBoundingClientRect();
        return width < 48 || height < 48;
      })
      .map((target) => target.outerHTML.slice(0, 120)),
  );
}

/** What is cut off or stands outside of the window, sideways. */
export async function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".app *:not(.said, .said *, svg *, .photo input, .corners, video)")]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 0 && (left < -1 || right > innerWidth + 1 || element.scrollWidth > element.clientWidth + 2);
      })
      .filter((element) => getComputedStyle(element).display !== "inline")
      .map((element) => `${element.className || element.tagName}: ${element.textContent?.slice(0, 60)}`),
  );
}

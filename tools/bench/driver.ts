import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { CDPSession, Page } from "playwright-core";
import { enrol } from "../../apps/driver/test/fixtures/drive-app.ts";
import {
  type IssuerProcess,
  startIssuerProcess,
  type Voucher,
} from "../../apps/driver/test/fixtures/issuer-process.ts";
import { launchChromium } from "../chromium.ts";

const STOPS = 24;

/**
 * The driver's phone: the built app, the issuer as a process, a real Chromium. The slowed rows use DevTools'
 * throttling, which slows the page and not its workers: they show the page's share on a slow phone, without decoding
 * and the KDF, which run in workers.
 */
export async function printDriver(): Promise<void> {
  // On a fresh clone it is not built yet. The build's own output is thrown away: stdout is for figures.
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL("../../apps/driver/build.ts", import.meta.url))]);
  const issuer = await startIssuerProcess();
  const browser = await launchChromium();
  try {
    const vouchers = await fillRoute(issuer);
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "en-GB" });
    const page = await enrol(context, await issuer.enrolment("bench"), STOPS);
    await context.setOffline(true);
    const devtools = await context.newCDPSession(page);
    console.log("\nThe driver's phone in flight mode, in a real browser");
    console.log(`  ${"ms".padEnd(78)}median slowest`);
    for (const [slower, share] of [
      [1, vouchers.slice(0, 12)],
      [6, vouchers.slice(12)],
    ] as const) {
      await slow(devtools, slower);
      const verdicts: number[] = [];
      for (const voucher of share) verdicts.push(await timeVerdict(page, voucher));
      row(`from the decoded text to the verdict on screen, recorded${slowed(slower)}`, verdicts);
      const starts: number[] = [];
      for (let round = 0; round < 7; round++) starts.push(await timeColdStart(page));
      row(`cold start into today's stops${slowed(slower)}`, starts);
    }
  } finally {
    await browser.close();
    await issuer.close();
  }
}

async function fillRoute(issuer: IssuerProcess): Promise<readonly Voucher[]> {
  const vouchers: Voucher[] = [];
  for (let i = 0; i < STOPS; i++) {
    vouchers.push(await issuer.issue({ deliveryId: `BENCH${i}`, label: `Stop ${i}`, expiresIn: "24h" }));
  }
  await issuer.putStops(
    "bench",
    vouchers.map(({ deliveryId }) => deliveryId),
  );
  await issuer.sealed("bench");
  return vouchers;
}

// The text comes as from a hardware scanner: it is what the camera's worker hands over too, and the page can take the
// time of its arrival.
async function timeVerdict(page: Page, { voucher, label }: Voucher): Promise<number> {
  await page
    .locator(".next-stop, .stop-row")
    .filter({ hasText: label ?? "" })
    .first()
    .click();
  await page.locator(".frame-stop").waitFor();
  const took = await page.evaluate(
    (text) =>
      new Promise<number>((resolve) => {
        const began = performance.now();
        const watch = new MutationObserver(() => {
          if (!document.querySelector("#verdict")) return;
          watch.disconnect();
          requestAnimationFrame(() => resolve(performance.now() - began));
        });
        watch.observe(document.body, { childList: true, subtree: true });
        for (const key of [...text, "Enter"]) dispatchEvent(new KeyboardEvent("keydown", { key }));
      }),
    voucher,
  );
  await page.locator(".result-accept").waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.locator(".frame-stops").waitFor();
  return took;
}

async function timeColdStart(page: Page): Promise<number> {
  const { origin } = new URL(page.url());
  await page.goto("about:blank");
  const began = performance.now();
  await page.goto(`${origin}/driver/`);
  await page.locator(".stop-row").first().waitFor();
  return performance.now() - began;
}

async function slow(devtools: CDPSession, rate: number): Promise<void> {
  await devtools.send("Emulation.setCPUThrottlingRate", { rate });
}

function slowed(rate: number): string {
  return rate === 1 ? "" : `, page slowed ${rate} times`;
}

function row(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const [median = Number.NaN, slowest = Number.NaN] = [sorted[sorted.length >> 1], sorted.at(-1)];
  console.log(`  ${name.padEnd(78)}${median.toFixed(0).padStart(6)}${slowest.toFixed(0).padStart(8)}`);
}

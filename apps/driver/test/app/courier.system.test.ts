import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goHome, green, newPhone, openVan, press, red, scan, type Van } from "../fixtures/drive-app.ts";
import { type IssuerProcess, startIssuerProcess, type Voucher } from "../fixtures/issuer-process.ts";

// A courier who types the label of the parcel in hand and taps Scan, as the screen tells them to: another parcel's
// voucher must not end green, whichever button was tapped. In both pages that couriers use.

let issuer: IssuerProcess;
let van: Van;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doorproof-courier-"));
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, "../../build.ts")]);
  [issuer, van] = await Promise.all([startIssuerProcess(), openVan()]);
});
afterAll(async () => {
  await van?.close();
  await issuer?.close();
  await rm(folder, { recursive: true });
});

const PAGES: readonly (readonly [name: string, open: (phone: BrowserContext) => Promise<Page>])[] = [
  [
    "the app at /driver/, which pinned a root",
    async (phone) => {
      const { issuer: name } = JSON.parse(await readFile(join(issuer.keys, "jwks.json"), "utf8"));
      const pem = await readFile(join(issuer.keys, "root.pub.pem"), "utf8");
      const root = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64").subarray(-32);
      const page = await phone.newPage();
      await page.goto(`${issuer.origin}/driver/#${new URLSearchParams({ issuer: name, root: root.toString("hex") })}`);
      await press(page, "Take these keys");
      await page.locator(".facts", { hasText: "Clock right" }).waitFor();
      return page;
    },
  ],
  [
    "the published page",
    async (phone) => {
      const file = join(folder, "page.html");
      await issuer.run("publish-verifier", "--keys", join(issuer.keys, "keys.cose"), "-o", file);
      const page = await phone.newPage();
      await page.goto(pathToFileURL(file).href);
      return page;
    },
  ],
];

describe.each(PAGES)("%s", (_, open) => {
  test("another label typed, and Scan: red; the parcel's own label, and Scan: green", async () => {
    const issue = (): Promise<Voucher> => issuer.issue({ deliveryId: `LABEL-${crypto.randomUUID().slice(0, 8)}` });
    const [mine, other] = [await issue(), await issue()];
    const phone = await newPhone(van);
    try {
      const page = await open(phone);
      await page.locator("#delivery").fill(mine.deliveryId);
      await scan(van, page, other.voucher);
      // Whatever verdict comes: amber, as it was, should fail and not be waited out.
      await page.locator(".result").waitFor();
      expect(await page.locator("#verdict").textContent()).toBe("Other parcel");
      await red(page);
      await goHome(page);
      expect(await page.locator("#delivery").inputValue()).toBe("");
      await page.locator("#delivery").fill(mine.deliveryId);
      await scan(van, page, mine.voucher);
      expect(await green(page)).toBe(mine.deliveryId);
      // And nothing typed is nothing compared: amber, until somebody says that it is this parcel.
      await scan(van, page, other.voucher);
      await page.locator(".result-decide").waitFor();
      await press(page, "Yes, this parcel");
      expect(await green(page)).toBe(other.deliveryId);
    } finally {
      await phone.close();
    }
  });
});

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { launchChromium } from "../../../tools/chromium.ts";
import { resetIssuer, startIssuer, type TestIssuer } from "./issuer.ts";
import { openPhone, type Phone } from "./phone.ts";
import { type Issued, issue, keyList, manifest, ROUTE, revocations, sealedStop, stop } from "./world.ts";

// The stage of the day's tests: an issuer that is put back to its start before each, two vouchers, and one new phone in a real Chromium.

let browser: Browser;
export let issuer: TestIssuer;
export let phone: Phone;
export let one: Issued;
export let two: Issued;
/** What the issuer publishes, by path: a route of three stops, two of which their codes open. */
export let documents: Map<string, Uint8Array>;

beforeAll(async () => {
  browser = await launchChromium();
  issuer = await startIssuer();
  one = await issue("P-1");
  two = await issue("P-2");
  const stops = [await sealedStop(one), await sealedStop(two), stop("P-3")];
  documents = new Map([
    ["/v1/keys", await keyList()],
    ["/v1/revocations", await revocations()],
    [`/v1/manifests/${ROUTE}`, await manifest({ stops })],
  ]);
});
afterAll(async () => {
  await browser?.close();
  await issuer?.close();
});
beforeEach(async () => {
  resetIssuer(issuer, documents);
  phone = await openPhone(browser, issuer);
});
afterEach(() => phone.close());

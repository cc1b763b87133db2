import { DRIVER_POLICY } from "@doorproof/api/driver-policy";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchChromium } from "../../../../tools/chromium.ts";
import type { DayPage } from "../fixtures/day-page.ts";
import { type FakeIssuer, startFakeIssuer } from "../fixtures/fake-issuer.ts";
import { openPhone, type Phone } from "../fixtures/phone.ts";
import { type Issued, issue, keyList, manifest, ROUTE, revocations, sealedStop } from "../fixtures/signed-documents.ts";

declare const dayPage: DayPage;

// A typed code on phones of all kinds: the KDF in a real worker under the real policy.

let browser: Browser;
let issuer: FakeIssuer;
let phone: Phone;
let one: Issued;

beforeAll(async () => {
  browser = await launchChromium();
  issuer = await startFakeIssuer();
  one = await issue("P-1");
  issuer.documents = new Map([
    ["/v1/keys", await keyList()],
    ["/v1/revocations", await revocations()],
    [`/v1/manifests/${ROUTE}`, await manifest({ stops: [await sealedStop(one)] })],
  ]);
});
afterAll(async () => {
  await browser?.close();
  await issuer?.close();
});
beforeEach(async () => {
  Object.assign(issuer, { prelude: "", policy: DRIVER_POLICY });
  phone = await openPhone(browser, issuer);
  await phone.enrol();
});
afterEach(() => phone.close());

const typed = async () => (await phone.call("typed", one.code, "P-1")).outcome;

/** hash-wasm's memory does not grow: the phone has no more. */
const NO_MEMORY = `const real = WebAssembly.instantiate;
WebAssembly.instantiate = async (...asked) => ({ exports: { ...(await real(...asked)).exports, Hash_SetMemorySize: () => -1 } });`;

test("by WebAssembly", async () => expect(await typed()).toMatchObject({ kind: "accept", via: "code" }));

test.each([
  ["no WebAssembly at all", { prelude: "delete self.WebAssembly;" }],
  ["a policy that forbids it", { policy: DRIVER_POLICY.replace(" 'wasm-unsafe-eval'", "") }],
])("%s: slower, and right", async (_, phoneIs) => {
  Object.assign(issuer, phoneIs);
  await phone.crash();
  expect(await typed()).toMatchObject({ kind: "accept", via: "code" });
});

test.each([
  ["no memory", NO_MEMORY],
  ["a worker that dies", "throw new Error('killed');"],
])("%s: cannot-open, no count, no second run; and the next try may work", async (_, prelude) => {
  issuer.prelude = prelude;
  await phone.crash();
  expect(await typed()).toMatchObject({ kind: "refuse", code: "cannot-open" });
  expect((await phone.seen()).pause).toBeNull();
  issuer.prelude = "";
  if (prelude === NO_MEMORY) await phone.crash();
  expect(await typed()).toMatchObject({ kind: "accept" });
});

test("the page does not stand still meanwhile", async () => {
  const { took, stall } = await phone.page.evaluate(
    (code) => dayPage.pulse(() => dayPage.day.door.typed(code, "P-1")),
    one.code,
  );
  console.log(`one KDF run: ${took.toFixed(0)} ms, longest stall ${stall.toFixed(0)} ms`);
  // On the page's own thread it would be nearly all of it.
  expect(stall).toBeLessThan(took / 2);
});

import fc from "fast-check";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../../../../tools/chromium.ts";
import type { DayPage } from "../fixtures/day-page.ts";
import { type FakeIssuer, type Fault, startFakeIssuer } from "../fixtures/fake-issuer.ts";
import { openPhone } from "../fixtures/phone.ts";
import { type Issued, issue, keyList, manifest, ROUTE, revocations, stop } from "../fixtures/signed-documents.ts";

declare const dayPage: DayPage;

// docs/format.md section 8: every record that was shown green is, after any crashes, retries and order, exactly once at
// the issuer with its answer on the device. Random days in a real browser: the page is thrown away in the middle of
// whatever it does.

const IDS = ["P-1", "P-2", "P-3", "P-4", "P-5"];

const FAULTS: readonly Fault[] = [
  "none",
  "lost-before",
  "lost-after",
  "5xx-before",
  "5xx-after",
  "half",
  "reordered",
  "portal",
  "torn",
  "strangers",
];

const delivery = fc.nat(IDS.length - 1);
const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("scan" as const), delivery }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("undo" as const), delivery }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("retell" as const), delivery }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("sync" as const), fault: fc.constantFrom(...FAULTS) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("crash in sync" as const),
      fault: fc.constantFrom(...FAULTS),
      ms: fc.nat(12),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("crash in scan" as const), delivery, ms: fc.nat(6) }) },
  // Replaced by another phone, and enrolled again; or found after the week in which its records were still taken.
  { weight: 1, arbitrary: fc.record({ do: fc.constant("enrol again" as const), inTime: fc.boolean() }) },
);

/** @param runs days: few before each commit, all of them in `test:long` */
export function property8(runs: number): void {
  let browser: Browser;
  let issuer: FakeIssuer;
  let issued: readonly Issued[];

  beforeAll(async () => {
    browser = await launchChromium();
    issuer = await startFakeIssuer();
    issued = await Promise.all(IDS.map((id) => issue(id)));
    issuer.documents = new Map([
      ["/v1/keys", await keyList()],
      ["/v1/revocations", await revocations()],
      [`/v1/manifests/${ROUTE}`, await manifest({ stops: IDS.map(stop) })],
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await issuer?.close();
  });

  test(`what was green is at the issuer once, with its answer here, in ${runs} days`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 14 }), async (commands) => {
        issuer.redemptions.clear();
        issuer.replaced.clear();
        issuer.faults = [];
        const phone = await openPhone(browser, issuer);
        try {
          await phone.enrol();
          /** Entry ID of what stands green, by delivery. */
          const green = new Map<string, string>();
          /** Entries that the driver took back and was told so. */
          const undone = new Set<string>();
          for (const step of commands) {
            switch (step.do) {
              case "scan": {
                const { deliveryId, text } = issued[step.delivery] as Issued;
                await phone.advance(4);
                await phone.call("openStop", deliveryId);
                const { outcome } = await phone.call("scanned", text);
                // Twice green is the one thing that must never be.
                if (outcome?.kind === "accept") {
                  expect(green.has(deliveryId)).toBe(false);
                  green.set(deliveryId, outcome.entryId);
                }
                break;
              }
              case "undo":
              case "retell": {
                const deliveryId = IDS[step.delivery] ?? "";
                const entryId = green.get(deliveryId);
                if (entryId === undefined) break;
                if (step.do === "undo") {
                  if ((await phone.call("undo", entryId)).trouble !== null) break;
                  undone.add(entryId);
                  green.delete(deliveryId);
                  break;
                }
                const { log, trouble } = await phone.call("takenBy", entryId, "neighbour", "Jo");
                const stands = log.find(
                  (line) => line.deliveryId === deliveryId && line.takenBy === "neighbour" && !line.undone,
                );
                if (trouble === null && stands) {
                  undone.add(entryId);
                  green.set(deliveryId, stands.id);
                }
                break;
              }
              case "wait":
                await phone.advance(step.seconds);
                break;
              case "sync":
                issuer.faults = [step.fault];
                await phone.call("syncNow");
                issuer.faults = [];
                break;
              case "crash in sync":
                issuer.faults = [step.fault];
                await phone.page.evaluate((ms) => {
                  void dayPage.day.syncNow();
                  return new Promise((resolve) => setTimeout(resolve, ms));
                }, step.ms);
                await phone.crash();
                issuer.faults = [];
                break;
              case "enrol again":
                for (const token of issuer.tokens) {
                  issuer.tokens.delete(token);
                  if (step.inTime) issuer.replaced.add(token);
                }
                await phone.enrol();
                break;
              case "crash in scan": {
                const { deliveryId, text } = issued[step.delivery] as Issued;
                const entryId = await phone.page.evaluate(
                  async ([deliveryId, text, ms]) => {
                    dayPage.day.door.openStop(deliveryId);
                    void dayPage.day.door.scanned(text);
                    await new Promise((resolve) => setTimeout(resolve, ms));
                    const outcome = dayPage.day.door.outcome.value;
                    return outcome?.kind === "accept" ? outcome.entryId : null;
                  },
                  [deliveryId, text, step.ms] as const,
                );
                if (entryId !== null) {
                  expect(green.has(deliveryId) && green.get(deliveryId) !== entryId).toBe(false);
                  green.set(deliveryId, entryId);
                }
                await phone.crash();
                break;
              }
            }
          }

          issuer.faults = [];
          await phone.advance(11);
          await phone.call("syncNow");
          const { log, readiness } = await phone.settled();
          expect([readiness.unsent, readiness.deadLetters]).toEqual([0, 0]);
          const accepted = new Map(issuer.accepted().map((entry) => [entry["deliveryId"], entry.id]));
          for (const [deliveryId, id] of green) {
            expect(accepted.get(deliveryId)).toBe(id);
            expect(log.find((line) => line.id === id)?.answer).toEqual({ status: "accepted" });
          }
          for (const { id } of issuer.accepted()) expect(undone.has(id)).toBe(false);
          // Nothing twice, nothing from nowhere, and no number missing.
          expect(issuer.accepted()).toHaveLength(accepted.size);
          const known = new Set(log.map(({ id }) => id));
          for (const id of accepted.values()) expect(known.has(id)).toBe(true);
          const numbers = [...issuer.redemptions.values()].map(({ entry }) => entry.seq).sort((a, b) => a - b);
          expect(numbers).toEqual(numbers.map((_, i) => i + 1));
        } finally {
          await phone.close();
        }
      }),
      { numRuns: runs },
    );
  });
}

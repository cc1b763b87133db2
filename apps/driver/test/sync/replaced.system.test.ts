import { beforeEach, expect, test } from "vitest";
import type { DayPage } from "../fixtures/day-page.ts";
import { accept, issuer, phone, sync } from "../fixtures/enrolled-phone.ts";

declare const dayPage: DayPage;

// Green outlives the phone (docs/format.md section 7): what becomes of records when the phone is replaced, enrolled again
// or shut out before they were sent.

/** The token of the phone's first enrolment. */
let first: string;

beforeEach(() => {
  first = [...issuer.tokens].at(-1) ?? "";
  issuer.replaced.clear();
});

/** The next phone is enrolled for this one's route. */
function replace(): void {
  issuer.tokens.delete(first);
  issuer.replaced.add(first);
}

function reporters(): readonly string[] {
  return [...issuer.redemptions.values()].map(({ reporter }) => (reporter === first ? "first" : "later"));
}

function formerTokens(): Promise<number> {
  return phone.page.evaluate(async () => (await (await dayPage.ledger()).former()).length);
}

test("one that was replaced sends what it holds, gets no more stops, and says so", async () => {
  await accept(0);
  await phone.advance(10);
  replace();
  const { readiness, log } = await sync();
  expect(readiness).toMatchObject({ sync: "revoked", unsent: 0 });
  expect(log.map(({ answer }) => answer?.status)).toEqual(["accepted"]);
});

test("one that is enrolled again tells what it did before under its former token, and the rest under the new one", async () => {
  await accept(0);
  await phone.advance(11);
  issuer.down = true;
  await accept(1);
  await phone.advance(11);
  issuer.down = false;
  issuer.faults = ["lost-before"];
  replace();
  await phone.enrol();
  await accept(2);
  await phone.advance(11);
  expect((await sync()).readiness).toMatchObject({ sync: "done", unsent: 0 });
  expect(reporters().at(-1)).toBe("later");
  expect(reporters().slice(0, -1)).toEqual(["first", "first"]);
  expect(issuer.accepted()).toHaveLength(3);
  // A token that nothing waits for is not kept.
  expect(await formerTokens()).toBe(0);
});

test("one that comes after the week says what to do, and does it: with a new link all goes up", async () => {
  await accept(0);
  await phone.advance(10);
  issuer.tokens.delete(first);
  expect((await sync()).readiness).toMatchObject({ sync: "shut-out", unsent: 1 });
  await phone.enrol();
  expect((await sync()).readiness).toMatchObject({ sync: "done", unsent: 0 });
  expect(reporters()).toEqual(["later"]);
  expect(await formerTokens()).toBe(0);
});

test("one that had sent everything keeps no former token", async () => {
  await accept(0);
  await phone.advance(10);
  await sync();
  await phone.enrol();
  expect(await formerTokens()).toBe(0);
});

import { beforeEach, describe, expect, test } from "vitest";
import type { DayPage } from "../fixtures/day-page.ts";
import { issuer, one, phone, two } from "../fixtures/one-phone.ts";
import { DAY, HOUR, issue, NOW } from "../fixtures/signed-documents.ts";

declare const dayPage: DayPage;

// A driver's day in a real Chromium, against a real issuer: what they do, and what they are shown.

const WRONG = "12345-6789R";

describe("enrolment", () => {
  test("a link works once", async () => {
    expect((await phone.seen()).phase).toBe("not-enrolled");
    const { phase, stops, readiness } = await phone.enrol();
    expect([phase, stops.map(({ state }) => state)]).toEqual(["ready", ["open", "open", "open"]]);
    expect(readiness).toMatchObject({
      sync: "done",
      keysAge: 0,
      revocationsAge: 0,
      manifestAge: 0,
      clockDifference: 0,
    });
    expect((await phone.call("enrol", "used")).trouble).toBe("enrolment-over");
  });

  test("the dispatcher's screen can be scanned, and no other link is opened", async () => {
    issuer.enrolments.add("0123456789abcdef");
    expect((await phone.call("scanned", "https://evil.example/driver/#0123456789abcdef")).phase).toBe("not-enrolled");
    expect((await phone.call("scanned", `${issuer.origin}/driver/#0123456789abcdef`)).phase).toBe("ready");
  });

  test.each([
    ["as it says", "application/problem+json", 42, { again: NOW + 42 }],
    ["in a minute where it does not say", "application/problem+json", undefined, { again: NOW + 60 }],
    ["and a portal's 429 is none of the issuer's", "text/html", 42, "not-an-answer"],
  ])(
    "where too many enrol from one address, the link is good and is tried again: %s",
    async (_, type, retryAfter, trouble) => {
      const body = JSON.stringify({ code: "rate-limited" });
      issuer.impostor = { status: 429, type, body, ...(retryAfter !== undefined && { retryAfter }) };
      expect(await phone.call("enrol", "token")).toMatchObject({ phase: "not-enrolled", trouble });
      issuer.impostor = null;
      expect((await phone.enrol()).phase).toBe("ready");
    },
  );

  test("without an issuer behind it, nothing is believed", async () => {
    issuer.impostor = { status: 200, type: "text/html", body: "<html>Welcome to the hotel</html>" };
    expect(await phone.call("enrol", "token")).toMatchObject({ phase: "not-enrolled", trouble: "not-an-answer" });
    await phone.context.setOffline(true);
    expect((await phone.call("enrol", "token")).trouble).toBe("no-connection");
  });
});

describe("at the door", () => {
  beforeEach(async () => {
    await phone.enrol();
    issuer.down = true;
  });

  test("a scan at its stop is green, once, also after a restart", async () => {
    await phone.call("openStop", "P-1");
    const green = await phone.call("scanned", one.text);
    expect(green.outcome).toMatchObject({ kind: "accept", deliveryId: "P-1", label: "at P-1", via: "scan" });
    expect(green.log).toMatchObject([{ kind: "redemption", takenBy: "recipient", answer: null, undoable: true }]);
    await phone.crash();
    expect((await phone.seen()).stops[0]).toMatchObject({ state: "done", at: NOW });
    await phone.call("openStop", "P-1");
    const again = await phone.call("scanned", one.text);
    expect(again.outcome).toMatchObject({ kind: "refuse", code: "already-used", facts: { at: NOW, where: "at P-1" } });
  });

  test("another voucher of a delivery that was closed here is refused too", async () => {
    await phone.call("openStop", "P-1");
    await phone.call("scanned", one.text);
    const reissued = await issue("P-1");
    expect((await phone.call("scanned", reissued.text)).outcome).toMatchObject({ code: "already-used" });
  });

  test("the same code in view fires once, and again after three seconds out of sight", async () => {
    await phone.call("openStop", "P-1");
    await phone.call("scanned", two.text);
    for (let i = 0; i < 9; i++) {
      await phone.advance(1);
      await phone.call("scanned", two.text);
    }
    expect((await phone.seen()).log).toHaveLength(1);
    await phone.advance(4);
    expect((await phone.call("scanned", two.text)).log).toHaveLength(2);
  });

  test("a code in view behind a red screen is not new when the screen goes, and the next parcel's is", async () => {
    await phone.call("openStop", "P-1");
    await phone.call("scanned", two.text);
    for (let i = 0; i < 9; i++) {
      await phone.advance(1);
      await phone.call("stillInView", i % 2 === 0 ? two.text : one.text);
    }
    await phone.call("dismiss");
    expect((await phone.call("scanned", two.text)).log).toHaveLength(1);
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ kind: "accept", deliveryId: "P-1" });
  });

  test("with no stop open the driver names the parcel", async () => {
    const asked = await phone.call("scanned", one.text);
    expect([asked.outcome, asked.open, asked.log]).toMatchObject([{ kind: "decide", why: "name-delivery" }, "P-1", []]);
    expect((await phone.call("decide", "hand-over")).outcome).toMatchObject({ kind: "accept", deliveryId: "P-1" });
    expect((await phone.call("dismiss")).open).toBeNull();
  });

  test("or holds it back, and nothing was used", async () => {
    await phone.call("scanned", one.text);
    expect(await phone.call("decide", "hold-back")).toMatchObject({ outcome: null, open: null, log: [] });
    await phone.call("decide", "hand-over");
    expect((await phone.seen()).log).toEqual([]);
  });

  test("old lists are amber, and the driver's to decide", async () => {
    await phone.setClock(NOW + 7 * HOUR);
    await phone.call("openStop", "P-1");
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ kind: "decide", why: "old-list" });
    expect((await phone.call("decide", "hand-over")).outcome).toMatchObject({
      kind: "accept",
      notes: ["keys-old", "revocations-old"],
    });
  });

  test("a poster is a quiet toast, and wipes no red screen away", async () => {
    expect((await phone.call("scanned", "https://evil.example")).outcome).toEqual({ kind: "not-a-voucher" });
    await phone.call("dismiss");
    await phone.call("openStop", "P-1");
    await phone.call("scanned", two.text);
    const { outcome, log } = await phone.call("scanned", "4006381333931");
    expect([outcome, log]).toMatchObject([
      { code: "wrong-delivery" },
      [{ kind: "refusal", code: "wrong-delivery", deliveryId: "P-2" }],
    ]);
  });

  test("a short code opens its stop, and so does the SMS around it", async () => {
    const typed = await phone.call("typed", one.code.toLowerCase().replace("-", " "), "P-1");
    expect(typed.outcome).toMatchObject({ kind: "accept", deliveryId: "P-1", via: "code" });
    const pasted = await phone.call("typed", `Acme: parcel P-2, code ${two.code} or https://pod.example/v/Ab-1`, "P-2");
    expect(pasted.outcome).toMatchObject({ kind: "accept", deliveryId: "P-2", via: "code" });
  });

  test("a slip costs nothing; three wrong codes cost ten seconds each, over restarts and clocks", async () => {
    expect((await phone.call("typed", "7KQ4M-2XN8Q", "P-1")).outcome).toMatchObject({ code: "code-mistyped" });
    expect((await phone.seen()).log).toEqual([]);
    for (let i = 0; i < 3; i++)
      expect((await phone.call("typed", WRONG, "P-1")).outcome).toMatchObject({ code: "wrong-code" });
    expect((await phone.seen()).pause).toEqual({ deliveryId: "P-1", until: NOW + 10 });
    expect((await phone.call("typed", one.code, "P-1")).outcome).toEqual({
      kind: "paused",
      deliveryId: "P-1",
      until: NOW + 10,
    });
    await phone.crash();
    expect((await phone.call("typed", one.code, "P-1")).outcome).toMatchObject({ kind: "paused" });
    expect((await phone.call("typed", two.code, "P-2")).outcome).toMatchObject({ kind: "accept" });
    await phone.advance(10);
    expect((await phone.seen()).pause).toBeNull();
    expect((await phone.call("typed", WRONG, "P-1")).pause).toEqual({ deliveryId: "P-1", until: NOW + 20 });
    await phone.advance(10);
    expect((await phone.call("typed", one.code, "P-1")).outcome).toMatchObject({ kind: "accept" });
  });

  test("codes for what is not on this route", async () => {
    expect((await phone.call("typed", one.code, "P-9")).outcome).toMatchObject({ code: "not-on-manifest" });
  });

  test("a neighbour, chosen before or told after; and an undo", async () => {
    await phone.call("openStop", "P-1");
    await phone.call("chooseTaker", "neighbour", "Jo");
    await phone.call("scanned", one.text);
    expect((await phone.seen()).log).toMatchObject([{ takenBy: "neighbour", name: "Jo" }]);
    await phone.call("openStop", "P-2");
    const green = await phone.call("scanned", two.text);
    if (green.outcome?.kind !== "accept") return expect.unreachable("green");
    expect(green.log[0]).toMatchObject({ takenBy: "recipient", name: null });
    const retold = await phone.call("takenBy", green.outcome.entryId, "reception", "Sam");
    expect(retold.log).toMatchObject([{ takenBy: "reception", name: "Sam" }, { takenBy: "neighbour" }]);
    if (retold.outcome?.kind !== "accept") return expect.unreachable("still green");
    expect(retold.outcome.entryId).not.toBe(green.outcome.entryId);

    const undone = await phone.call("undo", retold.outcome.entryId);
    expect([undone.outcome, undone.stops[1]?.state, undone.log[0]?.undone]).toEqual([null, "open", true]);
    await phone.advance(4);
    expect((await phone.call("scanned", two.text)).outcome).toMatchObject({ kind: "accept" });

    issuer.down = false;
    await phone.advance(11);
    await phone.call("syncNow");
    const { readiness, log } = await phone.settled();
    expect([readiness.unsent, log[0]?.answer?.status]).toEqual([0, "accepted"]);
    expect(issuer.accepted().map(({ takenBy, name }) => [takenBy, name])).toEqual([
      ["neighbour", "Jo"],
      ["recipient", undefined],
    ]);
    const numbers = [...issuer.redemptions.values()].map(({ entry }) => entry.seq);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    expect((await phone.call("undo", log[0]?.id ?? "")).trouble).toBe("too-late");
  });

  test("nobody opens the door", async () => {
    const { stops, log } = await phone.call("attempt", "P-3", "no-answer", "bell broken");
    expect([stops[2], log]).toMatchObject([
      { state: "failed", reason: "no-answer" },
      [{ kind: "attempt", note: "bell broken", label: "at P-3" }],
    ]);
  });

  test("three wrong codes in one moment are counted as three", async () => {
    await phone.page.evaluate((wrong) => Promise.all([1, 2, 3].map(() => dayPage.day.door.typed(wrong, "P-1"))), WRONG);
    expect((await phone.seen()).pause).toEqual({ deliveryId: "P-1", until: NOW + 10 });
  });

  test("two scans in one moment are judged one after the other", async () => {
    await phone.call("openStop", "P-1");
    const reissued = await issue("P-1");
    const kinds = await phone.page.evaluate(
      async ([a = "", b = ""]) => {
        await Promise.all([dayPage.day.door.scanned(a), dayPage.day.door.scanned(b)]);
        return dayPage.day.log.value.map(({ kind }) => kind);
      },
      [one.text, reissued.text],
    );
    expect(kinds).toEqual(["refusal", "redemption"]);
  });
});

describe("clocks", () => {
  beforeEach(async () => {
    await phone.enrol();
  });

  test("set back a day: red, until it is right again", async () => {
    await phone.setClock(NOW - DAY);
    await phone.call("openStop", "P-1");
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({
      code: "clock-behind",
      facts: { floor: NOW },
    });
    await phone.setClock(NOW);
    await phone.advance(4);
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ kind: "accept" });
  });

  test("another time zone, over a restart too, changes nothing: times are seconds", async () => {
    await phone.call("openStop", "P-1");
    await phone.call("scanned", one.text);
    const devtools = await phone.context.newCDPSession(phone.page);
    await devtools.send("Emulation.setTimezoneOverride", { timezoneId: "Pacific/Kiritimati" });
    await phone.crash();
    expect(await phone.page.evaluate(() => new Date(0).getTimezoneOffset())).not.toBe(new Date(0).getTimezoneOffset());
    expect((await phone.seen()).stops[0]).toMatchObject({ deliveryId: "P-1", state: "done", at: NOW });
    await phone.call("openStop", "P-1");
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ code: "already-used", facts: { at: NOW } });
    await phone.call("openStop", "P-2");
    expect((await phone.call("scanned", two.text)).outcome).toMatchObject({ kind: "accept", deliveryId: "P-2" });
  });

  test("a year ahead, then right: red offline, over restarts, and healed by one sync", async () => {
    issuer.down = true;
    await phone.setClock(NOW + 365 * DAY);
    await phone.call("openStop", "P-1");
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ code: "key-not-valid" });
    await phone.setClock(NOW + 60);
    await phone.crash();
    await phone.call("openStop", "P-1");
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ code: "clock-behind" });
    issuer.down = false;
    issuer.now = NOW + 60;
    await phone.call("syncNow");
    await phone.advance(4);
    expect((await phone.call("scanned", one.text)).outcome).toMatchObject({ kind: "accept" });
  });

  test("a little behind the floor: the act is dated at the floor, so the issuer takes it", async () => {
    await phone.setClock(NOW - 200);
    await phone.call("openStop", "P-1");
    expect((await phone.call("scanned", one.text)).log[0]).toMatchObject({ kind: "redemption", at: NOW });
  });
});

describe("two tabs", () => {
  test("the second shows and writes nothing, and takes over when the first is closed", async () => {
    await phone.enrol();
    const second = await phone.secondTab();
    const look = () =>
      second.evaluate(() => [dayPage.day.owner.value, dayPage.day.stops.value.map(({ state }) => state)]);
    expect(await look()).toEqual([false, ["open", "open", "open"]]);
    await second.evaluate((text) => dayPage.day.door.scanned(text), one.text);
    expect(await second.evaluate(() => [dayPage.day.trouble.value, dayPage.day.log.value.length])).toEqual([
      "not-owner",
      0,
    ]);
    await phone.call("openStop", "P-1");
    await phone.call("scanned", one.text);
    await phone.page.close();
    await second.waitForFunction(() => dayPage.day.owner.value);
    expect(await look()).toEqual([true, ["done", "open", "open"]]);
  });
});

import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { checkDevice, checkReportingDevice } from "../src/domain/access/device-tokens.ts";
import { listDevices, revokeDevice } from "../src/domain/dispatch/devices.ts";
import { showRoute } from "../src/domain/dispatch/show-route.ts";
import { listRedemptions } from "../src/domain/redemptions/list.ts";
import { type Entry, report } from "../src/domain/redemptions/report.ts";
import { enrolPhone, issueAll, put, seal, sync } from "./dispatch-world.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, COURIER, DAY, HOUR, record, redeemNow, redeemOne, T0 } from "./world.ts";

// docs/format.md section 7: green outlives the phone. What it recorded before it was replaced counts as if it had come
// in time; what a lost one tells is kept for a person.

/** North's phone carries A and B since the morning; its token ends at noon, hour 12. */
async function noon(end: "replaced" | "revoked") {
  const world = await makeMemoryWorld();
  const { deps, clock } = world;
  const [a, b] = await issueAll(deps, ["A", "B"]);
  if (!a || !b) throw new Error("nothing was issued");
  const phone = await enrolPhone(deps, "north");
  await put(deps, "north", ["A", "B"]);
  await seal(deps);
  await sync(deps, phone);
  clock.now = NOON;
  if (end === "replaced") await enrolPhone(deps, "north");
  else await revokeDevice(deps, phone.id, BACK_OFFICE);
  return { ...world, phone, a, b };
}

const NOON = T0 + 12 * HOUR;

describe("a redemption that comes after the end of its phone's token", () => {
  test.each<["replaced" | "revoked", string, number, string, string | undefined]>([
    ["replaced", "an hour before", NOON - HOUR, "accepted", undefined],
    ["replaced", "the second before", NOON - 1, "accepted", undefined],
    ["replaced", "that very second", NOON, "conflict", "out-of-bounds"],
    ["replaced", "an hour after", NOON + HOUR, "conflict", "out-of-bounds"],
    ["revoked", "an hour before", NOON - HOUR, "conflict", "reported-after-revocation"],
    ["revoked", "the second before", NOON - 1, "conflict", "reported-after-revocation"],
    ["revoked", "that very second", NOON, "conflict", "out-of-bounds"],
    ["revoked", "an hour after", NOON + HOUR, "conflict", "out-of-bounds"],
  ])("%s, as an act of %s", async (end, _, at, status, code) => {
    const { deps, clock, phone, a } = await noon(end);
    clock.now = NOON + 5 * HOUR;
    const answer = await redeemOne(deps, record(a, { id: "1", at }), phone.actor);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect((await listRedemptions(deps, { limit: 10 })).data).toMatchObject([{ id: "1", status }]);
    expect((await deps.store.findDelivery("A"))?.state).toBe(status === "accepted" ? "delivered" : "open");
  });

  test("is answered as any other: a retry word for word, and what stands already stands", async () => {
    const { deps, clock, phone, a, b } = await noon("replaced");
    clock.now = NOON + HOUR;
    const one = record(a, { at: T0 + HOUR });
    const first = await redeemOne(deps, one, phone.actor);
    expect(await redeemOne(deps, one, phone.actor)).toEqual(first);
    await redeemNow(deps, b, COURIER);
    expect((await redeemOne(deps, record(b, { at: T0 + HOUR }), phone.actor)).code).toBe("already-used");
  });

  test("of a stop that was moved away meanwhile is judged by what the phone carried", async () => {
    const { deps, clock, phone, a } = await noon("replaced");
    clock.now = NOON + HOUR;
    await put(deps, "south", ["A"], { force: true });
    expect((await redeemOne(deps, record(a, { at: T0 + HOUR }), phone.actor)).status).toBe("accepted");
  });

  test("what a lost phone told leaves the delivery open for its true end", async () => {
    const { deps, clock, phone, a } = await noon("revoked");
    clock.now = NOON + HOUR;
    await redeemOne(deps, record(a, { at: T0 + HOUR }), phone.actor);
    expect((await redeemNow(deps, a, COURIER)).status).toBe("accepted");
  });
});

test("of all else that the phone tells, what was before is noted, and nothing since", async () => {
  const { deps, clock, phone } = await noon("replaced");
  clock.now = NOON + HOUR;
  const attempt = (seq: number, at: number): Entry => {
    return { kind: "attempt", id: randomUUID(), seq, at, deliveryId: "B", reason: "no-answer" };
  };
  const answers = await report(deps, [attempt(1, NOON - 1), attempt(2, NOON)], phone.actor);
  expect(answers.map((answer) => [answer.status, "code" in answer && answer.code])).toEqual([
    ["noted", false],
    ["refused", "out-of-bounds"],
  ]);
  expect(await deps.store.seqsOf(`device:${phone.id}`, { from: 0 })).toEqual([1]);
});

describe("its token", () => {
  test.each(["replaced", "revoked"] as const)(
    "of a phone that was %s carries reports for seven days, and opens nothing else",
    async (end) => {
      const { deps, clock, phone } = await noon(end);
      expect(await checkDevice(deps, phone.token)).toBeNull();
      clock.now = NOON + 7 * DAY;
      expect(await checkReportingDevice(deps, phone.token)).toEqual({ id: phone.id });
      clock.now += 1;
      expect(await checkReportingDevice(deps, phone.token)).toBeNull();
    },
  );

  test.each(["", "dpd_", "dpk_".padEnd(47, "A"), "dpd_".padEnd(47, "A"), "dpd_".padEnd(48, "A")])(
    "%j is none",
    async (token) => {
      const { deps } = await noon("replaced");
      expect(await checkReportingDevice(deps, token)).toBeNull();
    },
  );
});

test("a phone that was replaced and turns out to be stolen is revoked, as of its replacement", async () => {
  const { deps, clock, phone, a, b } = await noon("replaced");
  clock.now = NOON + HOUR;
  expect((await redeemOne(deps, record(a, { at: T0 + HOUR }), phone.actor)).status).toBe("accepted");
  const { revokedAt, endedBy } = await revokeDevice(deps, phone.id, BACK_OFFICE);
  expect([revokedAt, endedBy]).toEqual([NOON, "revoked"]);
  expect(await redeemOne(deps, record(b, { at: NOON - 1 }), phone.actor)).toMatchObject({
    code: "reported-after-revocation",
  });
  expect(await redeemOne(deps, record(b, { at: NOON + 1 }), phone.actor)).toMatchObject({ code: "out-of-bounds" });
  // The next phone is not touched.
  expect((await showRoute(deps, "north")).device).toMatchObject({ revokedAt: null, endedBy: null });
  expect((await listDevices(deps)).map(({ endedBy }) => endedBy)).toEqual([null, "revoked"]);
});

import { Refusal } from "@doorproof/voucher";
import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/events.ts";
import { clearRoutes } from "../src/domain/dispatch/clear.ts";
import { fetchManifest } from "../src/domain/dispatch/manifest.ts";
import { showRoute } from "../src/domain/dispatch/routes.ts";
import { putStops } from "../src/domain/dispatch/stops.ts";
import { IssueError } from "../src/domain/errors.ts";
import { issueVoucher } from "../src/domain/vouchers/issue.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { enrolPhone, fetchOnce, heldBy, issueAll, open, put, say, seal, statesOf, sync } from "./dispatch-world.ts";
import { COURIER, DAY, HOUR, makeWorld, OFFICE, order, redeemNow, refusal, T0 } from "./world.ts";

// docs/format.md section 4.

test("stops put on a route are sealed behind, and a typed code opens the very voucher that the QR shows", async () => {
  const { parts } = await makeWorld();
  const [a] = await issueAll(parts, ["A", "B"]);
  const phone = await enrolPhone(parts, "north");
  expect(say(await put(parts, "north", ["B", "A"]))).toEqual(["B sealing", "A sealing"]);
  expect(await sync(parts, phone)).toEqual([]);

  expect(await seal(parts)).toBe(2);
  expect(await statesOf(parts, "north")).toEqual(["B on", "A on"]);
  expect(await sync(parts, phone)).toEqual(["B", "A"]);
  expect(await open(phone, "A", a?.shortCode ?? null)).toBe(a?.voucher);
  const wrong: unknown = await open(phone, "B", a?.shortCode ?? null).catch((error: unknown) => error);
  expect(wrong instanceof Refusal && wrong.code).toBe("wrong-code");
  expect(phone.manifest).toMatchObject({ issuer: "Parcel Co", route: "north", country: "44", logN: 15 });
  expect(phone.manifest).toMatchObject({ issuedAt: T0, expiresAt: T0 + DAY, revoked: new Uint8Array() });
});

describe("a stop leaves before it arrives", () => {
  async function moved() {
    const world = await makeWorld();
    const { parts } = world;
    const vouchers = await issueAll(parts, ["A", "B"]);
    const north = await enrolPhone(parts, "north");
    const south = await enrolPhone(parts, "south");
    await put(parts, "north", ["A", "B"]);
    await put(parts, "south", []);
    await seal(parts);
    await sync(parts, north);
    await sync(parts, south);
    return { ...world, vouchers, north, south };
  }

  test("it waits until the old route's device has said that it has a manifest without it", async () => {
    const { parts, clock, north, south, vouchers } = await moved();
    clock.now += 60;
    expect(say(await put(parts, "south", ["A"]))).toEqual(["A waiting for north"]);
    expect(await sync(parts, south)).toEqual([]);
    expect(await statesOf(parts, "north")).toEqual(["B on"]);

    expect(await fetchOnce(parts, north)).toBe(true);
    expect(heldBy(north)).toEqual(["B"]);
    expect(await sync(parts, south)).toEqual([]);
    expect(await fetchOnce(parts, north)).toBe(false);
    expect(await sync(parts, south)).toEqual(["A"]);
    expect(await open(south, "A", vouchers[0]?.shortCode ?? null)).toBe(vouchers[0]?.voucher);
    // The customer hears nothing of it.
    expect((await listEvents(parts, { delivery: "A", limit: 1 })).data).toMatchObject([
      { kind: "stop-moved", reason: "from north to south" },
    ]);
  });

  test("an answer that was lost on the way is none", async () => {
    const { parts, north, south } = await moved();
    await put(parts, "south", ["A"]);
    for (let i = 0; i < 3; i++) await fetchOnce(parts, north, { lost: true });
    expect(heldBy(north)).toEqual(["A", "B"]);
    expect(await sync(parts, south)).toEqual([]);
    expect(await statesOf(parts, "south")).toEqual(["A waiting for north"]);
  });

  test("what a device cannot have been handed is not listened to", async () => {
    const { parts, north, south } = await moved();
    await put(parts, "south", ["A"]);
    await fetchManifest(parts, { deviceId: north.id, route: "north", has: [0xffffffff, T0 + 5] });
    expect(await sync(parts, south)).toEqual([]);
  });

  test("or until that manifest is over", async () => {
    const { parts, clock, south } = await moved();
    await put(parts, "south", ["A"]);
    const [stop] = (await showRoute(parts, "south")).stops;
    expect(stop).toEqual({ deliveryId: "A", state: "waiting", waitsFor: "north", until: T0 + DAY });
    clock.now = T0 + DAY - 1;
    expect(await sync(parts, south)).toEqual([]);
    clock.now = T0 + DAY;
    expect(await sync(parts, south)).toEqual(["A"]);
  });

  test("a device that was revoked goes on holding it", async () => {
    const { parts, clock, south } = await moved();
    await enrolPhone(parts, "north");
    await put(parts, "south", ["A"]);
    expect(await sync(parts, south)).toEqual([]);
    clock.now = T0 + DAY;
    expect(await sync(parts, south)).toEqual(["A"]);
  });

  test("forced, it arrives at once, and is told what that risks", async () => {
    const { parts, clock, north, south, vouchers } = await moved();
    const forced = await put(parts, "south", ["A"], { force: true });
    expect(say(forced)).toEqual(["A on"]);
    expect(forced.risks).toEqual([{ deliveryId: "A", route: "north", until: T0 + DAY }]);
    expect(await sync(parts, south)).toEqual(["A"]);
    expect(heldBy(north)).toEqual(["A", "B"]);
    // Put in order again, nothing is taken back and nothing risked anew.
    const again = await put(parts, "south", ["A"]);
    expect([say(again), again.risks, again.version]).toEqual([["A on"], [], forced.version]);
    // Moved on, it waits for both.
    await put(parts, "west", ["A"]);
    expect(await statesOf(parts, "west")).toEqual(["A waiting for south"]);
    await sync(parts, south);
    expect(await statesOf(parts, "west")).toEqual(["A waiting for north"]);
    // Both have it: the first report stands.
    clock.now += HOUR;
    if (!vouchers[0]) throw new Error("nothing was issued");
    expect((await redeemNow(parts, vouchers[0], north.actor)).status).toBe("accepted");
    expect(await redeemNow(parts, vouchers[0], south.actor)).toMatchObject({
      status: "conflict",
      by: { reporter: north.id },
    });
  });

  test("back where it came from, it need not wait for itself", async () => {
    const { parts, north, south } = await moved();
    await put(parts, "south", ["A"]);
    expect(say(await put(parts, "north", ["B", "A"]))).toEqual(["B on", "A on"]);
    expect(await sync(parts, north)).toEqual(["B", "A"]);
    expect(await sync(parts, south)).toEqual([]);
  });

  test("what nobody fetched is waited for by nobody", async () => {
    const { parts } = await makeWorld();
    await issueAll(parts, ["A"]);
    await put(parts, "north", ["A"]);
    await seal(parts);
    expect(say(await put(parts, "south", ["A"]))).toEqual(["A on"]);
  });

  test("moving runs no KDF and changes no seal", async () => {
    const { parts, north, south } = await moved();
    const before = north.manifest?.stops[0];
    await put(parts, "south", ["A"]);
    await sync(parts, north);
    await sync(parts, south);
    expect(await seal(parts)).toBe(0);
    expect(south.manifest?.stops[0]).toEqual(before);
  });
});

describe("an assignment with faults is refused whole, and all of them are told", () => {
  test.each<[string, { name?: string; stops: string[]; country?: string }, string[]]>([
    ["an unknown delivery", { stops: ["A", "X", "Y"] }, ["/stops/1 unknown-delivery", "/stops/2 unknown-delivery"]],
    ["the same one twice", { stops: ["A", "A"] }, ["/stops/1 duplicate"]],
    ["what is no delivery ID", { stops: ["a b", ""] }, ["/stops/0 delivery-id", "/stops/1 delivery-id"]],
    [
      "a route of no name, in no country",
      { name: " north", stops: [], country: "XX" },
      ["/route route", "/country country"],
    ],
    ["too many", { stops: Array.from({ length: 501 }, (_, i) => `D${i}`) }, ["/stops route-full"]],
  ])("%s", async (_, { name = "north", stops, country }, faults) => {
    const { parts } = await makeWorld();
    await issueAll(parts, ["A"]);
    const assignment = { stops, force: false, ...(country === undefined ? {} : { country }) };
    const error: unknown = await putStops(parts, name, assignment, OFFICE).catch((reason: unknown) => reason);
    expect(error instanceof IssueError && error.faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(
      faults,
    );
    expect(await parts.store.findStop("A")).toBeUndefined();
    expect(await parts.store.findRoute(name)).toBeUndefined();
  });

  test("a new route needs a country, an old one keeps its own until it gets another", async () => {
    const { parts } = await makeWorld({ policy: { defaultCountry: null } });
    await issueAll(parts, ["A"]);
    expect(await refusal(put(parts, "north", ["A"]))).toBe("invalid-delivery");
    await putStops(parts, "north", { stops: [], country: "DE", force: false }, OFFICE);
    await put(parts, "north", ["A"]);
    expect((await parts.store.findRoute("north"))?.callingCode).toBe("49");
    await putStops(parts, "north", { stops: [], country: "PT", force: false }, OFFICE);
    expect((await parts.store.findRoute("north"))?.callingCode).toBe("351");
  });

  test("a route that nobody made is not shown", async () => {
    const { parts } = await makeWorld();
    expect(await refusal(showRoute(parts, "north"))).toBe("route-unknown");
  });
});

describe("ordered with a route", () => {
  test("a delivery stands at its end, with its window and label; a new route runs where its first phone does", async () => {
    const { parts } = await makeWorld({ policy: { defaultCountry: null } });
    const window = { from: T0 + HOUR, to: T0 + 3 * HOUR };
    const label = "Flat 3\n12 High Street\u0000, ring twice";
    await issueVoucher(parts, order("A", { route: "north", window, label }), OFFICE);
    const marked = "\ufeff\ufeffFlat 4, 12 High Street, the door behind the bicycle stand, ring twice";
    await issueVoucher(parts, order("B", { window, label: marked }), OFFICE);
    await issueVoucher(parts, order("C", { route: "north" }), OFFICE);
    await put(parts, "north", ["C", "A", "B"]);
    await issueVoucher(parts, order("D", { route: "north" }), OFFICE);
    await seal(parts);
    const phone = await enrolPhone(parts, "north");
    expect(await sync(parts, phone)).toEqual(["C", "A", "B", "D"]);
    expect(phone.manifest?.country).toBe("44");
    expect(phone.manifest?.stops.map(({ label, window }) => [label, window])).toEqual([
      [null, null],
      // A control character would have every device refuse the whole route, and so would a byte order mark.
      ["Flat 3 12 High Street , ring twice", window],
      ["Flat 4, 12 High Street, the door behind the bicycle stand, ring twice", window],
      [null, null],
    ]);
  });

  test.each([
    [{ route: "north " }, "/route route"],
    [{ window: { from: T0 + 2, to: T0 + 1 } }, "/window window"],
    [{ window: { from: -1, to: T0 } }, "/window window"],
    [{ window: { from: T0, to: 2 ** 32 } }, "/window window"],
  ])("%j is refused", async (change, fault) => {
    const { parts } = await makeWorld();
    const error: unknown = await issueVoucher(parts, order("A", change), OFFICE).catch((reason: unknown) => reason);
    expect(error instanceof IssueError && error.faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      fault,
    ]);
    expect(await parts.store.findDelivery("A")).toBeUndefined();
  });

  test("a full route takes no more, and nothing was issued; what is delivered makes room", async () => {
    const { parts } = await makeWorld();
    const vouchers = await issueAll(
      parts,
      Array.from({ length: 500 }, (_, i) => `D${i}`),
    );
    await put(
      parts,
      "north",
      vouchers.map(({ deliveryId }) => deliveryId),
    );
    expect(await refusal(issueVoucher(parts, order("E", { route: "north" }), OFFICE))).toBe("invalid-delivery");
    expect(await parts.store.findDelivery("E")).toBeUndefined();
    if (!vouchers[0]) throw new Error("nothing was issued");
    await redeemNow(parts, vouchers[0], COURIER);
    await issueVoucher(parts, order("E", { route: "north" }), OFFICE);
    expect((await statesOf(parts, "north")).at(-1)).toBe("E sealing");
  });
});

test("stops whose vouchers were over a day ago leave their route by themselves, delivered or not", async () => {
  const { parts, clock } = await makeWorld();
  const [a, b] = await issueAll(parts, ["A", "B"]);
  if (!a || !b) throw new Error("nothing was issued");
  await put(parts, "north", ["A", "B"]);
  await seal(parts);
  clock.now += HOUR;
  await reissueVoucher(parts, b.id, { expires: { in: 72 * HOUR }, sms: false }, OFFICE);
  await redeemNow(parts, a, COURIER);
  clock.now = a.expiresAt + DAY;
  expect(await clearRoutes(parts)).toBe(0);
  clock.now += 1;
  expect(await clearRoutes(parts)).toBe(1);
  expect(await statesOf(parts, "north")).toEqual(["B on"]);
  clock.now += 2 * DAY;
  expect(await clearRoutes(parts)).toBe(1);
  expect(await statesOf(parts, "north")).toEqual([]);
  expect((await listEvents(parts, { delivery: "B", limit: 1 })).data).toMatchObject([
    { kind: "stop-removed", reason: "from north, over", actor: { kind: "clock" } },
  ]);
});

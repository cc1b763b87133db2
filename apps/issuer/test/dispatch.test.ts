import { Refusal } from "@doorproof/voucher";
import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import { clearRoutes } from "../src/domain/dispatch/clear-routes.ts";
import { fetchManifest } from "../src/domain/dispatch/manifest.ts";
import { showRoute } from "../src/domain/dispatch/show-route.ts";
import { putStops } from "../src/domain/dispatch/stops.ts";
import { IssueError } from "../src/domain/errors.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import {
  enrolPhone,
  fetchOnce,
  heldBy,
  issueAll,
  open,
  put,
  seal,
  stateLines,
  statesOf,
  sync,
} from "./dispatch-world.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, COURIER, DAY, HOUR, issueOne, order, redeemNow, refusal, T0 } from "./world.ts";

// docs/format.md section 4.

test("stops put on a route are sealed behind, and a typed code opens the very voucher that the QR shows", async () => {
  const { deps } = await makeMemoryWorld();
  const [a] = await issueAll(deps, ["A", "B"]);
  const phone = await enrolPhone(deps, "north");
  expect(stateLines(await put(deps, "north", ["B", "A"]))).toEqual(["B sealing", "A sealing"]);
  expect(await sync(deps, phone)).toEqual([]);

  expect(await seal(deps)).toBe(2);
  expect(await statesOf(deps, "north")).toEqual(["B on", "A on"]);
  expect(await sync(deps, phone)).toEqual(["B", "A"]);
  expect(await open(phone, "A", a?.shortCode ?? null)).toBe(a?.voucher);
  const wrong: unknown = await open(phone, "B", a?.shortCode ?? null).catch((error: unknown) => error);
  expect(wrong instanceof Refusal && wrong.code).toBe("wrong-code");
  expect(phone.manifest).toMatchObject({ issuer: "Parcel Co", route: "north", country: "44", logN: 15 });
  expect(phone.manifest).toMatchObject({ issuedAt: T0, expiresAt: T0 + DAY, revoked: new Uint8Array() });
});

describe("a stop leaves before it arrives", () => {
  async function moved() {
    const world = await makeMemoryWorld();
    const { deps } = world;
    const vouchers = await issueAll(deps, ["A", "B"]);
    const north = await enrolPhone(deps, "north");
    const south = await enrolPhone(deps, "south");
    await put(deps, "north", ["A", "B"]);
    await put(deps, "south", []);
    await seal(deps);
    await sync(deps, north);
    await sync(deps, south);
    return { ...world, vouchers, north, south };
  }

  test("it waits until the old route's device has said that it has a manifest without it", async () => {
    const { deps, clock, north, south, vouchers } = await moved();
    clock.now += 60;
    expect(stateLines(await put(deps, "south", ["A"]))).toEqual(["A waiting for north"]);
    expect(await sync(deps, south)).toEqual([]);
    expect(await statesOf(deps, "north")).toEqual(["B on"]);

    expect(await fetchOnce(deps, north)).toBe(true);
    expect(heldBy(north)).toEqual(["B"]);
    expect(await sync(deps, south)).toEqual([]);
    expect(await fetchOnce(deps, north)).toBe(false);
    expect(await sync(deps, south)).toEqual(["A"]);
    expect(await open(south, "A", vouchers[0]?.shortCode ?? null)).toBe(vouchers[0]?.voucher);
    // The customer hears nothing of it.
    expect((await listEvents(deps, { delivery: "A", limit: 1 })).data).toMatchObject([
      { kind: "stop-moved", reason: "from north to south" },
    ]);
  });

  test("an answer that was lost on the way is none", async () => {
    const { deps, north, south } = await moved();
    await put(deps, "south", ["A"]);
    for (let i = 0; i < 3; i++) await fetchOnce(deps, north, { lost: true });
    expect(heldBy(north)).toEqual(["A", "B"]);
    expect(await sync(deps, south)).toEqual([]);
    expect(await statesOf(deps, "south")).toEqual(["A waiting for north"]);
  });

  test("what a device cannot have been handed is not listened to", async () => {
    const { deps, north, south } = await moved();
    await put(deps, "south", ["A"]);
    await fetchManifest(deps, { deviceId: north.id, route: "north", has: [0xffffffff, T0 + 5] });
    expect(await sync(deps, south)).toEqual([]);
  });

  test("or until that manifest is over", async () => {
    const { deps, clock, south } = await moved();
    await put(deps, "south", ["A"]);
    const [stop] = (await showRoute(deps, "south")).stops;
    expect(stop).toEqual({ deliveryId: "A", state: "waiting", waitsFor: "north", until: T0 + DAY });
    clock.now = T0 + DAY - 1;
    expect(await sync(deps, south)).toEqual([]);
    clock.now = T0 + DAY;
    expect(await sync(deps, south)).toEqual(["A"]);
  });

  test("a device that was revoked goes on holding it", async () => {
    const { deps, clock, south } = await moved();
    await enrolPhone(deps, "north");
    await put(deps, "south", ["A"]);
    expect(await sync(deps, south)).toEqual([]);
    clock.now = T0 + DAY;
    expect(await sync(deps, south)).toEqual(["A"]);
  });

  test("forced, it arrives at once, and is told what that risks", async () => {
    const { deps, clock, north, south, vouchers } = await moved();
    const forced = await put(deps, "south", ["A"], { force: true });
    expect(stateLines(forced)).toEqual(["A on"]);
    expect(forced.risks).toEqual([{ deliveryId: "A", route: "north", until: T0 + DAY }]);
    expect(await sync(deps, south)).toEqual(["A"]);
    expect(heldBy(north)).toEqual(["A", "B"]);
    // Put in order again, nothing is taken back and nothing risked anew.
    const again = await put(deps, "south", ["A"]);
    expect([stateLines(again), again.risks, again.version]).toEqual([["A on"], [], forced.version]);
    // Moved on, it waits for both.
    await put(deps, "west", ["A"]);
    expect(await statesOf(deps, "west")).toEqual(["A waiting for south"]);
    await sync(deps, south);
    expect(await statesOf(deps, "west")).toEqual(["A waiting for north"]);
    // Both have it: the first report stands.
    clock.now += HOUR;
    if (!vouchers[0]) throw new Error("nothing was issued");
    expect((await redeemNow(deps, vouchers[0], north.actor)).status).toBe("accepted");
    expect(await redeemNow(deps, vouchers[0], south.actor)).toMatchObject({
      status: "conflict",
      by: { reporter: north.id },
    });
  });

  test("back where it came from, it need not wait for itself", async () => {
    const { deps, north, south } = await moved();
    await put(deps, "south", ["A"]);
    expect(stateLines(await put(deps, "north", ["B", "A"]))).toEqual(["B on", "A on"]);
    expect(await sync(deps, north)).toEqual(["B", "A"]);
    expect(await sync(deps, south)).toEqual([]);
  });

  test("what nobody fetched is waited for by nobody", async () => {
    const { deps } = await makeMemoryWorld();
    await issueAll(deps, ["A"]);
    await put(deps, "north", ["A"]);
    await seal(deps);
    expect(stateLines(await put(deps, "south", ["A"]))).toEqual(["A on"]);
  });

  test("moving runs no KDF and changes no seal", async () => {
    const { deps, north, south } = await moved();
    const before = north.manifest?.stops[0];
    await put(deps, "south", ["A"]);
    await sync(deps, north);
    await sync(deps, south);
    expect(await seal(deps)).toBe(0);
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
    const { deps } = await makeMemoryWorld();
    await issueAll(deps, ["A"]);
    const assignment = { stops, force: false, ...(country === undefined ? {} : { country }) };
    const error: unknown = await putStops(deps, name, assignment, BACK_OFFICE).catch((reason: unknown) => reason);
    expect(error instanceof IssueError && error.faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(
      faults,
    );
    expect(await deps.store.findStop("A")).toBeUndefined();
    expect(await deps.store.findRoute(name)).toBeUndefined();
  });

  test("a new route needs a country, an old one keeps its own until it gets another", async () => {
    const { deps } = await makeMemoryWorld({ policy: { defaultCountry: null } });
    await issueAll(deps, ["A"]);
    expect(await refusal(put(deps, "north", ["A"]))).toBe("invalid-delivery");
    await putStops(deps, "north", { stops: [], country: "DE", force: false }, BACK_OFFICE);
    await put(deps, "north", ["A"]);
    expect((await deps.store.findRoute("north"))?.callingCode).toBe("49");
    await putStops(deps, "north", { stops: [], country: "PT", force: false }, BACK_OFFICE);
    expect((await deps.store.findRoute("north"))?.callingCode).toBe("351");
  });

  test("a route that nobody made is not shown", async () => {
    const { deps } = await makeMemoryWorld();
    expect(await refusal(showRoute(deps, "north"))).toBe("route-unknown");
  });
});

describe("ordered with a route", () => {
  test("a delivery stands at its end, with its window and label; a new route runs where its first phone does", async () => {
    const { deps } = await makeMemoryWorld({ policy: { defaultCountry: null } });
    const window = { from: T0 + HOUR, to: T0 + 3 * HOUR };
    const label = "Flat 3\n12 High Street\u0000, ring twice";
    await issueOne(deps, order("A", { route: "north", window, label: { address: label } }), BACK_OFFICE);
    const marked = "\ufeff\ufeffFlat 4, 12 High Street, the door behind the bicycle stand, ring twice";
    await issueOne(deps, order("B", { window, label: { address: marked } }), BACK_OFFICE);
    await issueOne(deps, order("C", { route: "north" }), BACK_OFFICE);
    await put(deps, "north", ["C", "A", "B"]);
    await issueOne(deps, order("D", { route: "north" }), BACK_OFFICE);
    await seal(deps);
    const phone = await enrolPhone(deps, "north");
    expect(await sync(deps, phone)).toEqual(["C", "A", "B", "D"]);
    expect(phone.manifest?.country).toBe("44");
    expect(phone.manifest?.stops.map(({ label, window }) => [label.address, window])).toEqual([
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
    const { deps } = await makeMemoryWorld();
    const error: unknown = await issueOne(deps, order("A", change), BACK_OFFICE).catch((reason: unknown) => reason);
    expect(error instanceof IssueError && error.faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      fault,
    ]);
    expect(await deps.store.findDelivery("A")).toBeUndefined();
  });

  test("a full route takes no more, and nothing was issued; what is delivered makes room", async () => {
    const { deps } = await makeMemoryWorld();
    const vouchers = await issueAll(
      deps,
      Array.from({ length: 500 }, (_, i) => `D${i}`),
    );
    await put(
      deps,
      "north",
      vouchers.map(({ deliveryId }) => deliveryId),
    );
    expect(await refusal(issueOne(deps, order("E", { route: "north" }), BACK_OFFICE))).toBe("invalid-delivery");
    expect(await deps.store.findDelivery("E")).toBeUndefined();
    if (!vouchers[0]) throw new Error("nothing was issued");
    await redeemNow(deps, vouchers[0], COURIER);
    await issueOne(deps, order("E", { route: "north" }), BACK_OFFICE);
    expect((await statesOf(deps, "north")).at(-1)).toBe("E sealing");
  });
});

test("stops whose vouchers were over a day ago leave their route by themselves, delivered or not", async () => {
  const { deps, clock } = await makeMemoryWorld();
  const [a, b] = await issueAll(deps, ["A", "B"]);
  if (!a || !b) throw new Error("nothing was issued");
  await put(deps, "north", ["A", "B"]);
  await seal(deps);
  clock.now += HOUR;
  await reissueVoucher(deps, b.id, { expires: { in: 72 * HOUR }, sms: false }, BACK_OFFICE);
  await redeemNow(deps, a, COURIER);
  clock.now = a.expiresAt + DAY;
  expect(await clearRoutes(deps)).toBe(0);
  clock.now += 1;
  expect(await clearRoutes(deps)).toBe(1);
  expect(await statesOf(deps, "north")).toEqual(["B on"]);
  clock.now += 2 * DAY;
  expect(await clearRoutes(deps)).toBe(1);
  expect(await statesOf(deps, "north")).toEqual([]);
  expect((await listEvents(deps, { delivery: "B", limit: 1 })).data).toMatchObject([
    { kind: "stop-removed", reason: "from north, over", actor: { kind: "clock" } },
  ]);
});

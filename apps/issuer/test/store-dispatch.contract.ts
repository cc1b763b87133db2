import { describe, expect, test } from "vitest";
import type { CarryRow, DeviceRow, RouteRow, StopRow } from "../src/domain/dispatch/rows.ts";
import type { EntryRow } from "../src/domain/redemptions/rows.ts";
import type { VoucherRow } from "../src/domain/vouchers/rows.ts";
import type { Store } from "../src/store/store.ts";
import type { Rule } from "./store.contract.ts";

/**
 * What every store must do for dispatch, whatever database it stands on.
 * @param open a store with nothing in it; closed by whoever opens it
 */
export function dispatchContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the store's contract for dispatch`, () => {
    for (const { rule, run } of dispatchRules(open)) test(rule, run);
  });
}

/** The same as a list, so that it can be held against a store that does not keep it. */
export function dispatchRules(open: () => Promise<Store>): readonly Rule[] {
  const rules: Rule[] = [];
  const rule = (name: string, run: () => Promise<void>) => void rules.push({ rule: name, run });
  rule("a route is there once, and changes", async () => {
    const store = await open();
    expect(await store.insertRoute(route("north"))).toBe(true);
    expect(await store.insertRoute({ ...route("north"), callingCode: "49" })).toBe(false);
    await store.setRoute("north", { version: 7, contentMac: "mac" });
    expect(await store.findRoute("north")).toEqual({ ...route("north"), version: 7, contentMac: "mac" });
    expect(await store.findRoute("south")).toBeUndefined();
  });

  rule("a delivery is on one route: put again, it has moved", async () => {
    const store = await furnished(open, { routes: ["north", "south"], deliveries: ["A", "B"] });
    await store.putStop(stop("A", "north", 2));
    await store.putStop(stop("B", "north", 1));
    expect((await store.stopsOf("north")).map(({ deliveryId }) => deliveryId)).toEqual(["B", "A"]);
    const moved = { ...stop("A", "south", 0), forced: true, windowFrom: 5, windowTo: 0xffffffff };
    await store.putStop(moved);
    expect(await store.findStop("A")).toEqual(moved);
    expect((await store.stopsOf("north")).map(({ deliveryId }) => deliveryId)).toEqual(["B"]);
    expect(await store.stopsOf("south")).toEqual([{ ...moved, state: "open", ...DETAILS }]);
    await store.putStop({ ...moved, route: null });
    expect(await store.stopsOf("south")).toEqual([]);
  });

  rule("a stop of no delivery or on no such route is refused", async () => {
    const store = await furnished(open, { routes: ["north"], deliveries: ["A"] });
    await expect(store.putStop(stop("X", "north", 0))).rejects.toThrow();
    await expect(store.putStop(stop("A", "west", 0))).rejects.toThrow();
  });

  rule("what is to be sealed: live, open, on a route, without a seal; page by page", async () => {
    const store = await furnished(open, { routes: ["north"], deliveries: ["A", "B", "C", "D", "E", "F", "G"] });
    const expiry: Record<string, number> = { B: 100, F: 999 };
    for (const [index, id] of ["A", "B", "C", "D", "E", "F", "G"].entries())
      await store.insertVoucher({ ...voucher(id, index + 1), expiresAt: expiry[id] ?? 1000 });
    for (const [index, id] of ["A", "B", "C", "D", "F", "G"].entries()) await store.putStop(stop(id, "north", index));
    await store.setVoucherStatus(voucher("C", 3).id, "revoked", 50);
    await store.setDeliveryState("D", "delivered");
    const waiting = async (after?: VoucherRow, limit = 10) => {
      const found = await store.vouchersToSeal({ now: 100, limit, ...(after && { after }) });
      return found.map(({ deliveryId }) => deliveryId);
    };
    expect(await waiting()).toEqual(["F", "A", "G"]);
    expect(await waiting(undefined, 1)).toEqual(["F"]);
    const [first, second] = await store.vouchersToSeal({ now: 100, limit: 2 });
    expect(second).toMatchObject({ ...voucher("A", 1), expiresAt: 1000 });
    expect([await waiting(first), await waiting(second)]).toEqual([["A", "G"], ["G"]]);
    await store.insertSeal({ voucherId: voucher("A", 1).id, salt: "s", sealed: "x" });
    expect(await waiting()).toEqual(["F", "G"]);
  });

  rule("a voucher has one seal, and a salt is used once", async () => {
    const store = await furnished(open, { routes: ["north"], deliveries: ["A", "B"] });
    await store.insertVoucher(voucher("A", 1));
    await store.insertVoucher(voucher("B", 2));
    const [a, b] = [voucher("A", 1).id, voucher("B", 2).id];
    expect(await store.insertSeal({ voucherId: a, salt: "s", sealed: "x" })).toBe(true);
    expect(await store.insertSeal({ voucherId: a, salt: "t", sealed: "y" })).toBe(false);
    await expect(store.insertSeal({ voucherId: b, salt: "s", sealed: "y" })).rejects.toThrow();
    await store.putStop(stop("A", "north", 0));
    await store.putStop(stop("B", "north", 1));
    expect((await store.vouchersOfRoute("north")).map(({ id, salt, sealed }) => [id, salt, sealed])).toEqual([
      [a, "s", "x"],
      [b, null, null],
    ]);
  });

  rule("stale is a stop of which every voucher was over before", async () => {
    const store = await furnished(open, { routes: ["north"], deliveries: ["A", "B", "C"] });
    await store.insertVoucher({ ...voucher("A", 1), expiresAt: 50 });
    await store.insertVoucher({ ...voucher("B", 2), expiresAt: 50, status: "superseded" });
    await store.insertVoucher({ ...voucher("B", 3), expiresAt: 60 });
    await store.insertVoucher({ ...voucher("C", 4), expiresAt: 50 });
    for (const [index, id] of ["A", "B"].entries()) await store.putStop(stop(id, "north", index));
    const stale = async (before: number) =>
      (await store.staleStops({ before, limit: 10 })).map(({ deliveryId }) => deliveryId).toSorted();
    expect([await stale(50), await stale(51), await stale(60), await stale(61)]).toEqual([
      [],
      ["A"],
      ["A"],
      ["A", "B"],
    ]);
    expect(await store.staleStops({ before: 61, limit: 1 })).toHaveLength(1);
    await store.putStop({ ...stop("A", "north", 0), route: null });
    expect(await stale(61)).toEqual(["B"]);
  });

  rule("all vouchers of a route's stops, the oldest of each delivery first", async () => {
    const store = await furnished(open, { routes: ["north"], deliveries: ["A", "B"] });
    // Their IDs sort the other way round.
    await store.insertVoucher(voucher("A", 9));
    await store.setVoucherStatus(voucher("A", 9).id, "superseded", 50);
    await store.insertVoucher(voucher("A", 1));
    await store.insertVoucher(voucher("B", 2));
    await store.putStop(stop("A", "north", 0));
    expect(await store.vouchersOfRoute("north")).toMatchObject([
      { id: voucher("A", 9).id, status: "superseded", deliveryId: "A" },
      { id: voucher("A", 1).id, status: "live", expiresAt: 0xffffffff },
    ]);
  });

  rule(
    "a token is found by its hash, a route has one device, and the second is refused until the first is revoked",
    async () => {
      const store = await furnished(open, { routes: ["north", "south"], deliveries: [] });
      await store.insertDevice(device("d1", "north"));
      await expect(store.insertDevice(device("d2", "north"))).rejects.toThrow();
      await store.insertDevice({ ...device("d3", "south"), enrolledAt: 200 });
      expect(await store.findDeviceByToken("hash of d1")).toEqual(device("d1", "north"));
      expect(await store.findDeviceByToken("d1")).toBeUndefined();
      expect((await store.deviceOf("north"))?.id).toBe("d1");
      await store.setDevice("d1", { revokedAt: 150, endedBy: "replaced", heldVersion: 3, lastSeq: 9 });
      expect(await store.deviceOf("north")).toBeUndefined();
      expect(await store.findDevice("d1")).toMatchObject({
        revokedAt: 150,
        endedBy: "replaced",
        heldVersion: 3,
        lastSeq: 9,
        servedVersion: 0,
      });
      await store.insertDevice(device("d2", "north"));
      expect((await store.listDevices()).map(({ id }) => id)).toEqual(["d3", "d1", "d2"]);
    },
  );

  rule("an enrolment is taken once, and not when it is over", async () => {
    const store = await furnished(open, { routes: ["north", "south"], deliveries: [] });
    const enrolment = { tokenHash: "h", route: "north", expiresAt: 200 };
    await store.insertEnrolment(enrolment);
    expect(await store.takeEnrolment({ tokenHash: "h", now: 200 })).toBeUndefined();
    expect(await store.takeEnrolment({ tokenHash: "x", now: 199 })).toBeUndefined();
    expect(await store.takeEnrolment({ tokenHash: "h", now: 199 })).toEqual(enrolment);
    expect(await store.takeEnrolment({ tokenHash: "h", now: 199 })).toBeUndefined();
    await store.insertEnrolment(enrolment);
    await store.insertEnrolment({ ...enrolment, tokenHash: "i", route: "south" });
    await store.dropEnrolments("north");
    expect(await store.takeEnrolment({ tokenHash: "h", now: 1 })).toBeUndefined();
    expect(await store.takeEnrolment({ tokenHash: "i", now: 1 })).toMatchObject({ route: "south" });
  });

  rule("what a device was handed: the first version stays, the last and its end are written over", async () => {
    const store = await furnished(open, { routes: ["north"], deliveries: ["A", "B"] });
    await store.insertDevice(device("d1", "north"));
    await store.putCarries([]);
    await store.putCarries([carry("d1", "A", 5, 100), carry("d1", "B", 5, 100)]);
    await store.putCarries([carry("d1", "A", 7, 300)]);
    expect(await store.carriedBy({ route: "north", deliveryId: "A" })).toEqual({ fromVersion: 5, version: 7 });
    expect(await store.carriedBy({ route: "north", deliveryId: "X" })).toBeUndefined();
    await store.forgetCarries(101);
    expect(await store.carriedBy({ route: "north", deliveryId: "B" })).toBeUndefined();
    expect(await store.carriedBy({ route: "north", deliveryId: "A" })).toBeDefined();
  });

  rule("what a route's devices carried is the route's, whichever of them it was, and no other's", async () => {
    const store = await furnished(open, { routes: ["north", "south"], deliveries: ["A"] });
    await store.insertVoucher(voucher("A", 1));
    const { id } = voucher("A", 1);
    await store.insertDevice({ ...device("d1", "north"), revokedAt: 150 });
    await store.insertDevice(device("d2", "north"));
    await store.insertDevice(device("d3", "south"));
    await store.putCarries([carry("d2", "A", 8, 400), carry("d1", "A", 5, 300)]);
    expect(await store.carriedBy({ route: "north", deliveryId: "A" })).toEqual({ fromVersion: 5, version: 8 });
    expect(await store.carriedBy({ route: "south", deliveryId: "A" })).toBeUndefined();

    const carried = async () =>
      Promise.all(["north", "south"].map((route) => store.wasCarried({ route, voucherId: id })));
    await store.putCarriedVouchers([]);
    expect(await carried()).toEqual([false, false]);
    await store.putCarriedVouchers([{ voucherId: id, deviceId: "d1", until: 100 }]);
    expect(await carried()).toEqual([true, false]);
    expect(await store.wasCarried({ route: "north", voucherId: voucher("A", 2).id })).toBe(false);
    // Carried again, it is kept for longer.
    await store.putCarriedVouchers([{ voucherId: id, deviceId: "d1", until: 300 }]);
    await store.forgetCarries(300);
    expect(await carried()).toEqual([true, false]);
    await store.forgetCarries(301);
    expect(await carried()).toEqual([false, false]);
    await expect(store.putCarriedVouchers([{ voucherId: "none", deviceId: "d1", until: 1 }])).rejects.toThrow();
    await expect(store.putCarriedVouchers([{ voucherId: id, deviceId: "none", until: 1 }])).rejects.toThrow();
  });

  rule(
    "carried elsewhere: by another route's device, in a manifest that holds, unless it has a later one",
    async () => {
      const store = await furnished(open, { routes: ["north", "south", "east"], deliveries: ["A", "B", "C"] });
      for (const [id, name] of [
        ["dn", "north"],
        ["ds", "south"],
        ["de", "east"],
      ] as const)
        await store.insertDevice(device(id, name));
      for (const [index, id] of ["A", "B", "C"].entries()) await store.putStop(stop(id, "south", index));
      await store.putCarries([carry("dn", "A", 5, 200), carry("de", "A", 6, 300), carry("ds", "B", 7, 300)]);
      await store.putCarries([carry("dn", "C", 4, 200)]);
      const elsewhere = (now: number) => store.carriedElsewhere({ route: "south", now });
      const byNorth = { deliveryId: "A", route: "north", until: 200 };
      const byEast = { deliveryId: "A", route: "east", until: 300 };
      // The one that is held longest comes last.
      expect((await elsewhere(100)).filter(({ deliveryId }) => deliveryId === "A")).toEqual([byNorth, byEast]);
      await store.setDevice("dn", { heldVersion: 5 });
      expect(await elsewhere(199)).toEqual([byNorth, byEast]);
      expect(await elsewhere(200)).toEqual([byEast]);
      await store.setDevice("dn", { heldVersion: 6 });
      expect(await elsewhere(100)).toEqual([byEast]);
      // Revoked, it goes on holding.
      await store.setDevice("de", { revokedAt: 100 });
      expect(await elsewhere(100)).toEqual([byEast]);
      expect(await store.carriedElsewhere({ route: "east", now: 100 })).toEqual([]);
    },
  );

  rule("an entry is there once a reporter; numbers come from redemptions and entries alike", async () => {
    const store = await open();
    expect(await store.insertEntry(entry("r", "1", 3))).toBe(true);
    expect(await store.insertEntry({ ...entry("r", "1", 4), kind: "undo" })).toBe(false);
    const marked: EntryRow = { ...entry("s", "1", 9), marks: ["out-of-bounds", "unknown-delivery"] };
    expect(await store.insertEntry(marked)).toBe(true);
    expect(await store.findEntry("s", "1")).toEqual(marked);
    expect(await store.findEntry("r", "1")).toEqual(entry("r", "1", 3));
    expect(await store.findEntry("r", "9")).toBeUndefined();
    await store.insertEntry(entry("r", "2", 1));
    await store.insertRedemption(redemption("r", "3", 2));
    await store.insertRedemption(redemption("r", "4", 3));
    await store.insertRedemption(redemption("r", "5", null));
    expect(await store.seqsOf("r", { from: 0 })).toEqual([1, 2, 3]);
    expect(await store.seqsOf("r", { from: 2 })).toEqual([2, 3]);
    expect(await store.seqsOf("r", { from: 4 })).toEqual([]);
    expect(await store.seqsOf("nobody", { from: 0 })).toEqual([]);
  });

  rule("a quota is a reporter's own, and the last one written counts", async () => {
    const store = await open();
    expect(await store.findQuota("r")).toBeUndefined();
    await store.putQuota({ reporter: "r", since: 10, used: 1 });
    await store.putQuota({ reporter: "s", since: 11, used: 2 });
    await store.putQuota({ reporter: "r", since: 20, used: 3 });
    expect([await store.findQuota("r"), await store.findQuota("s")]).toEqual([
      { reporter: "r", since: 20, used: 3 },
      { reporter: "s", since: 11, used: 2 },
    ]);
  });
  return rules;
}

async function furnished(
  open: () => Promise<Store>,
  { routes, deliveries }: { routes: readonly string[]; deliveries: readonly string[] },
): Promise<Store> {
  const store = await open();
  for (const name of routes) await store.insertRoute(route(name));
  for (const id of deliveries) await store.insertDelivery(delivery(id));
  return store;
}

function route(name: string): RouteRow {
  return { name, callingCode: "44", version: 0, issuedAt: 0, expiresAt: 0, contentMac: null };
}

const DETAILS = { sealedLabel: null, sealedDetails: "details", parcels: 2, asks: 9, takers: 3 } as const;

function delivery(id: string) {
  const sealed = { sealedPhone: "sealed", ...DETAILS, orderMac: "mac" };
  return { id, state: "open", locale: "en", createdAt: 100, courier: null, ...sealed } as const;
}

function stop(deliveryId: string, name: string, position: number): StopRow {
  return { deliveryId, route: name, position, forced: false, windowFrom: null, windowTo: null };
}

function voucher(deliveryId: string, number: number): VoucherRow {
  const kid = "0a0b0c0d";
  const cti = number.toString(16).padStart(16, "0");
  const ids = { id: kid + cti, kid, cti, deliveryId, codeSecretId: "secret", linkHash: `link${number}` };
  return { ...ids, expiresAt: 0xffffffff, phoneHash: 4095, status: "live", issuedAt: 10, endedAt: null };
}

function device(id: string, name: string): DeviceRow {
  const versions = { servedVersion: 0, heldVersion: 0, lastSeq: 0 };
  return {
    id,
    route: name,
    tokenHash: `hash of ${id}`,
    enrolledAt: 100,
    lastSeenAt: 100,
    revokedAt: null,
    endedBy: null,
    ...versions,
  };
}

function carry(deviceId: string, deliveryId: string, version: number, until: number): CarryRow {
  return { deviceId, deliveryId, fromVersion: version, version, until };
}

function entry(reporter: string, entryId: string, deviceSeq: number): EntryRow {
  const nothing = { code: null, kid: null, cti: null, reason: null, sealedNote: null, undoes: null };
  return {
    reporter,
    entryId,
    kind: "attempt",
    deviceSeq,
    at: 1,
    receivedAt: 2,
    deliveryId: "A",
    marks: [],
    ...nothing,
  };
}

function redemption(reporter: string, recordId: string, deviceSeq: number | null) {
  const unknown = { voucherId: null, deliveryId: null, floor: null, route: null, version: null, sealedName: null };
  const verdict = { status: "refused", code: "malformed", byId: null, byAt: null } as const;
  return {
    reporter,
    recordId,
    via: "scan",
    at: 1,
    deviceSeq,
    takenBy: "recipient",
    receivedAt: 2,
    writtenAt: 3,
    clockDifference: -4,
    ...unknown,
    ...verdict,
  } as const;
}

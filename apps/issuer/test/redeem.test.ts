import { signVoucher } from "@doorproof/signer";
import { readText } from "@doorproof/voucher";
import { writeText } from "@doorproof/voucher/codec";
import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import { listRedemptions } from "../src/domain/redemptions/list.ts";
import { report } from "../src/domain/redemptions/report.ts";

import { expireVouchers } from "../src/domain/vouchers/expire.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { showVoucher, type VoucherView } from "../src/domain/vouchers/show.ts";
import { type MemoryWorld, makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, COURIER, DAY, DRIVER, HOUR, issueOne, order, record, redeemNow, redeemOne, T0 } from "./world.ts";

// docs/format.md section 7.

async function issued(world: MemoryWorld, deliveryId = "D"): Promise<VoucherView> {
  return (await issueOne(world.deps, order(deliveryId), BACK_OFFICE)).view;
}

test("a voucher is accepted once", async () => {
  const world = await makeMemoryWorld();
  const voucher = await issued(world);
  expect(await redeemOne(world.deps, record(voucher, { id: "1" }), DRIVER)).toEqual({ id: "1", status: "accepted" });
  expect((await showVoucher(world.deps, voucher.id)).status).toBe("redeemed");
  expect((await world.deps.store.findDelivery("D"))?.state).toBe("delivered");
});

test("a second record of it: a duplicate from the same reporter, a conflict from another, both kept", async () => {
  const world = await makeMemoryWorld();
  const voucher = await issued(world);
  const { deps } = world;
  await redeemOne(deps, record(voucher, { id: "1", at: T0 + 5 }), DRIVER);
  const by = { id: "1", at: T0 + 5 };
  expect(await redeemOne(deps, record(voucher, { id: "2" }), DRIVER)).toEqual({
    id: "2",
    status: "duplicate",
    code: "already-used",
    by,
  });
  expect(await redeemOne(deps, record(voucher, { id: "3" }), COURIER)).toEqual({
    id: "3",
    status: "conflict",
    code: "already-used",
    by,
  });
  const { data } = await listRedemptions(deps, { limit: 10 });
  expect(data.map(({ id, status, reporter }) => [id, status, reporter])).toEqual([
    ["3", "conflict", "api-key:courier"],
    ["2", "duplicate", "api-key:driver"],
    ["1", "accepted", "api-key:driver"],
  ]);
  expect((await listRedemptions(deps, { status: "conflict", limit: 10 })).data).toMatchObject([{ id: "3", by }]);
});

test("the first that is committed stands, whatever time the second names", async () => {
  const world = await makeMemoryWorld();
  const voucher = await issued(world);
  await redeemOne(world.deps, record(voucher, { at: T0 + 100 }), DRIVER);
  expect(await redeemOne(world.deps, record(voucher, { at: T0 }), COURIER)).toMatchObject({
    status: "conflict",
    code: "already-used",
  });
});

test("a retry gets the stored answer word for word, whatever has happened since and whatever else it says", async () => {
  const world = await makeMemoryWorld();
  const { deps, clock } = world;
  const good = record(await issued(world, "A"), { id: "good" });
  const second = record(await issued(world, "A"), { id: "second" });
  const bad = record({ voucher: "DP1:" }, { id: "bad" });
  const answers = await report(deps, [good, second, bad], DRIVER);
  expect(answers.map(({ status }) => status)).toEqual(["accepted", "duplicate", "refused"]);
  clock.now += 30 * DAY;
  await expireVouchers(deps);
  expect(await report(deps, [good, second, bad], DRIVER)).toEqual(answers);
  expect(await report(deps, [{ ...good, at: 0, voucher: "" }], DRIVER)).toEqual(answers.slice(0, 1));
  // The same ID from somebody else is another record.
  expect(await redeemOne(deps, good, COURIER)).toMatchObject({ id: "good", status: "conflict", code: "already-used" });
  expect((await listRedemptions(deps, { limit: 10 })).data).toHaveLength(4);
});

test("what was left to a person is not decided by sending it again when its time has come", async () => {
  const world = await makeMemoryWorld();
  const { deps, clock } = world;
  const voucher = await issued(world);
  const ahead = record(voucher, { at: T0 + HOUR });
  const answer = await redeemOne(deps, ahead, DRIVER);
  expect(answer).toMatchObject({ status: "conflict", code: "out-of-bounds" });
  clock.now += HOUR;
  expect(await redeemOne(deps, ahead, DRIVER)).toEqual(answer);
  expect((await showVoucher(deps, voucher.id)).status).toBe("live");
  expect((await redeemNow(deps, voucher, COURIER)).status).toBe("accepted");
});

test("a bad record holds back no other", async () => {
  const world = await makeMemoryWorld();
  const vouchers = [await issued(world, "A"), await issued(world, "B")];
  const records = [
    record({ voucher: "" }),
    ...vouchers.map((voucher) => record(voucher)),
    record({ voucher: "DP1:%%%" }),
  ];
  const answers = await report(world.deps, records, DRIVER);
  expect(answers.map(({ id, status }) => [id, status])).toEqual(
    records.map(({ id }, index) => [id, ["refused", "accepted", "accepted", "refused"][index]]),
  );
});

describe("judged at the time of the act", () => {
  type Act = (world: MemoryWorld, voucher: VoucherView) => Promise<unknown>;
  const revoke: Act = ({ deps }, { id }) => revokeVoucher(deps, id, { cancel: false }, BACK_OFFICE);
  const cancel: Act = ({ deps }, { id }) => revokeVoucher(deps, id, { cancel: true }, BACK_OFFICE);
  const reissue: Act = ({ deps }, { id }) => reissueVoucher(deps, id, { expires: { in: DAY } }, BACK_OFFICE);
  const nothing: Act = async () => undefined;

  // Issued at 0, the act at noon (hour 12), the driver back in the evening (hour 20); the voucher lives 48 hours.
  test.each<
    [string, { act: Act; hour: number }, { at: number; floor?: number; uploaded?: number }, string, string | undefined]
  >([
    ["revoked before", { act: revoke, hour: 11 }, { at: 12 }, "conflict", "revoked"],
    ["revoked after", { act: revoke, hour: 13 }, { at: 12 }, "conflict", "withdrawn-late"],
    ["reissued before", { act: reissue, hour: 11 }, { at: 12 }, "conflict", "superseded"],
    ["reissued after", { act: reissue, hour: 13 }, { at: 12 }, "conflict", "withdrawn-late"],
    ["cancelled before", { act: cancel, hour: 11 }, { at: 12 }, "conflict", "cancelled"],
    ["cancelled after", { act: cancel, hour: 13 }, { at: 12 }, "conflict", "withdrawn-late"],
    ["expired since", { act: nothing, hour: 13 }, { at: 47, uploaded: 60 }, "accepted", undefined],
    ["expired at the door", { act: nothing, hour: 13 }, { at: 48, uploaded: 60 }, "refused", "expired"],
    [
      "before the floor that the device names",
      { act: nothing, hour: 1 },
      { at: 12, floor: 13 },
      "conflict",
      "out-of-bounds",
    ],
    ["at that floor", { act: nothing, hour: 1 }, { at: 12, floor: 12 }, "accepted", undefined],
    ["from a clock an hour ahead", { act: nothing, hour: 1 }, { at: 21 }, "conflict", "out-of-bounds"],
  ])("%s", async (_, { act, hour }, { at, floor, uploaded = 20 }, status, code) => {
    const world = await makeMemoryWorld();
    const voucher = await issued(world);
    world.clock.now = T0 + hour * HOUR;
    await act(world, voucher);
    world.clock.now = T0 + uploaded * HOUR;
    await expireVouchers(world.deps);
    const bounds = floor === undefined ? {} : { floor: T0 + floor * HOUR };
    const answer = await redeemOne(world.deps, record(voucher, { at: T0 + at * HOUR, ...bounds }), DRIVER);
    expect([answer.status, answer.code]).toEqual([status, code]);
  });

  test.each([
    [300, "accepted"],
    [301, "conflict"],
  ])("from a clock %i seconds ahead: %s", async (ahead, status) => {
    const world = await makeMemoryWorld();
    expect((await redeemOne(world.deps, record(await issued(world), { at: T0 + ahead }), DRIVER)).status).toBe(status);
  });

  test("the key list may be newer than the act", async () => {
    const world = await makeMemoryWorld();
    const { keys } = world.deps.keyring;
    const voucher = await issued(world);
    const list = { ...keys.list, issuedAt: T0 + DAY };
    world.clock.now += DAY;
    const deps = { ...world.deps, keyring: { ...world.deps.keyring, keys: { ...keys, list } } };
    expect((await redeemOne(deps, record(voucher, { at: T0 + HOUR }), DRIVER)).status).toBe("accepted");
  });
});

describe("once per delivery", () => {
  test("the new voucher accepted first closes the delivery to the old one", async () => {
    const world = await makeMemoryWorld();
    const { deps, clock } = world;
    const old = await issued(world);
    clock.now += HOUR;
    await redeemNow(deps, await reissueVoucher(deps, old.id, { expires: { in: DAY } }, BACK_OFFICE), DRIVER);
    expect(await redeemOne(deps, record(old, { at: T0 + 60 }), COURIER)).toMatchObject({
      status: "conflict",
      code: "already-delivered",
    });
  });
});

describe("refused is what no honest device accepts, and nothing of it is kept", () => {
  const flip = (text: string, at: number) => {
    const bytes = readText(text);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return writeText(bytes);
  };
  test.each<[string, (text: string) => string, string]>([
    ["nothing", () => "", "malformed"],
    ["a web address", () => "https://evil.example", "malformed"],
    ["a megabyte", () => `DP1:${"A".repeat(1e6)}`, "malformed"],
    ["in lower case", (text) => text.toLowerCase(), "malformed"],
    ["with a space before", (text) => ` ${text}`, "malformed"],
    ["of another key", (text) => flip(text, 0), "unknown-key"],
    ["with another signature", (text) => flip(text, 10), "bad-signature"],
    ["with other claims", (text) => flip(text, 75), "bad-signature"],
  ])("%s", async (_, change, code) => {
    const world = await makeMemoryWorld();
    const voucher = await issued(world);
    const answer = await redeemOne(world.deps, record({ voucher: change(voucher.voucher ?? "") }, { id: "1" }), DRIVER);
    expect(answer).toEqual({ id: "1", status: "refused", code });
    expect((await listRedemptions(world.deps, { limit: 1 })).data).toMatchObject([
      { status: "refused", voucherId: null, deliveryId: null },
    ]);
    expect((await redeemNow(world.deps, voucher, DRIVER)).status).toBe("accepted");
  });
});

describe("what our key signed and our database does not know is left to a person", () => {
  test.each<[string, { deliveryId: string; expiresAt: number; own: boolean }]>([
    ["a delivery of no order", { deliveryId: "elsewhere", expiresAt: T0 + HOUR, own: false }],
    ["another voucher of a delivery", { deliveryId: "D", expiresAt: T0 + 48 * HOUR, own: false }],
    ["a known cti with another expiry", { deliveryId: "D", expiresAt: T0 + 50 * HOUR, own: true }],
    ["a known cti for another delivery", { deliveryId: "E", expiresAt: T0 + 48 * HOUR, own: true }],
  ])("%s", async (_, { deliveryId, expiresAt, own }) => {
    const world = await makeMemoryWorld();
    const { cti, kid } = await issued(world);
    await issued(world, "E");
    const signer = world.deps.keyring.signedBy(kid);
    if (!signer) throw new Error("no key");
    const claims = { deliveryId, expiresAt, cti: own ? Buffer.from(cti, "hex") : new Uint8Array(8), phoneHash: null };
    const voucher = await signVoucher(claims, { ...signer, now: T0 });
    expect(await redeemOne(world.deps, record({ voucher }), DRIVER)).toMatchObject({
      status: "conflict",
      code: "unknown-delivery",
    });
  });
});

test("who took it and their name come back from the database, and the audit trail has it all", async () => {
  const world = await makeMemoryWorld();
  const voucher = await issued(world);
  await redeemOne(
    world.deps,
    record(voucher, { takenBy: "neighbour", name: "Åsa Öberg", route: "R1", seq: 7, version: 3, floor: T0 }),
    DRIVER,
  );
  expect((await listRedemptions(world.deps, { limit: 1 })).data).toMatchObject([
    { takenBy: "neighbour", name: "Åsa Öberg", route: "R1", deliveryId: "D", writtenAt: null, clockDifference: null },
  ]);
  expect((await listEvents(world.deps, { delivery: "D", limit: 10 })).data.map(({ kind }) => kind)).toEqual([
    "redemption-accepted",
    "delivery-delivered",
    "voucher-redeemed",
    "voucher-issued",
  ]);
});

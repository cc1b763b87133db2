import { describe, expect, test } from "vitest";
import { expireVouchers } from "../src/domain/vouchers/expire.ts";
import { viewPage } from "../src/domain/vouchers/page.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { showVoucher, type VoucherView } from "../src/domain/vouchers/show.ts";
import { enrolPhone, issueAll, put, seal, sync } from "./dispatch-world.ts";
import { type MemoryWorld, makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, COURIER, DAY, HOUR, record, redeemNow, redeemOne, T0 } from "./world.ts";

// docs/format.md section 7: a withdrawal holds against whoever reports an early time, unless their phone carried that
// very voucher. "The driver can lie about when", and a driver who was at the door is all that this leaves.

/** Delivery D in the manifest that north's phone took in the morning; south's phone never had it. */
async function morning() {
  const world = await makeMemoryWorld();
  const { deps, clock } = world;
  const [voucher] = await issueAll(deps, ["D"]);
  if (!voucher) throw new Error("nothing was issued");
  const [north, south] = [await enrolPhone(deps, "north"), await enrolPhone(deps, "south")];
  await put(deps, "north", ["D"]);
  await seal(deps);
  await sync(deps, north);
  await sync(deps, south);
  clock.now = T0 + 11 * HOUR;
  return { ...world, voucher, north, south };
}

type Morning = Awaited<ReturnType<typeof morning>>;

const WITHDRAW = {
  revoked: ({ deps, voucher }: Morning) => revokeVoucher(deps, voucher.id, { cancel: false }, BACK_OFFICE),
  superseded: ({ deps, voucher }: Morning) => reissue(deps, voucher),
  cancelled: ({ deps, voucher }: Morning) => revokeVoucher(deps, voucher.id, { cancel: true }, BACK_OFFICE),
} as const;

const REPORTERS = {
  "the device that carried it": async ({ north }: Morning) => north.actor,
  // The stop is its own now, as the back office moves stops in the day: that alone says nothing of the voucher.
  "a device that did not": async ({ deps, south }: Morning) => {
    await put(deps, "south", ["D"], { force: true });
    return south.actor;
  },
  "an API key": async () => COURIER,
} as const;

/** Withdrawn at hour 11, reported at hour 20. */
const TIMES = { before: T0 + 10 * HOUR, after: T0 + 12 * HOUR } as const;

const TABLE: readonly [keyof typeof WITHDRAW, keyof typeof REPORTERS, keyof typeof TIMES, string][] = (
  ["revoked", "superseded", "cancelled"] as const
).flatMap((code) => [
  [code, "the device that carried it", "before", "accepted"],
  [code, "the device that carried it", "after", `conflict ${code}`],
  [code, "a device that did not", "before", "conflict withdrawn-late"],
  [code, "a device that did not", "after", `conflict ${code}`],
  [code, "an API key", "before", "conflict withdrawn-late"],
  [code, "an API key", "after", `conflict ${code}`],
]);

describe("reported after the withdrawal", () => {
  test.each(TABLE)("%s, by %s, as an act %s it: %s", async (code, reporter, time, expected) => {
    const day = await morning();
    await WITHDRAW[code](day);
    const actor = await REPORTERS[reporter](day);
    day.clock.now = T0 + 20 * HOUR;
    const answer = await redeemOne(day.deps, record(day.voucher, { at: TIMES[time] }), actor);
    expect([answer.status, answer.code].join(" ").trim()).toBe(expected);
    const state = (await day.deps.store.findDelivery("D"))?.state;
    expect(state).toBe(expected === "accepted" ? "delivered" : code === "cancelled" ? "cancelled" : "open");
  });

  test("in the very second of the withdrawal nobody can say which was first: who carried it is believed", async () => {
    const day = await morning();
    await WITHDRAW.revoked(day);
    const at = day.clock.now;
    expect(await redeemOne(day.deps, record(day.voucher, { at }), COURIER)).toMatchObject({ code: "withdrawn-late" });
    expect((await redeemOne(day.deps, record(day.voucher, { at }), day.north.actor)).status).toBe("accepted");
  });

  test.each([
    ["another was issued", reissue],
    ["the delivery was cancelled", cancel],
  ])("one that had expired before %s: by an API key late, by the device accepted", async (_, act) => {
    const day = await morning();
    const { deps, clock, voucher, north } = day;
    clock.now = voucher.expiresAt + HOUR;
    await expireVouchers(deps);
    await act(deps, voucher);
    const at = voucher.expiresAt - HOUR;
    expect(await redeemOne(deps, record(voucher, { at }), COURIER)).toMatchObject({ code: "withdrawn-late" });
    expect((await redeemOne(deps, record(voucher, { at }), north.actor)).status).toBe("accepted");
  });
});

describe("that very voucher", () => {
  test("is not carried by who carried another one of the delivery", async () => {
    const day = await morning();
    const { deps, clock, north, voucher } = day;
    const second = await reissue(deps, voucher);
    clock.now += HOUR;
    await reissue(deps, second);
    clock.now += HOUR;
    await seal(deps);
    await sync(deps, north);
    // North had the first and has the third. Of the second it knows nothing, though its time lies between the two.
    expect(await redeemOne(deps, record(second, { at: T0 + 11.5 * HOUR }), north.actor)).toMatchObject({
      status: "conflict",
      code: "withdrawn-late",
    });
    expect((await redeemOne(deps, record(voucher, { at: T0 + 10 * HOUR }), north.actor)).status).toBe("accepted");
  });

  test("was carried by the route: a phone that is enrolled for it again tells what it did before", async () => {
    const day = await morning();
    const { deps, clock, voucher } = day;
    await WITHDRAW.revoked(day);
    clock.now += HOUR;
    const again = await enrolPhone(deps, "north");
    expect((await redeemOne(deps, record(voucher, { at: T0 + 10 * HOUR }), again.actor)).status).toBe("accepted");
  });

  test("is forgotten thirty days after the manifest was over, with the stops", async () => {
    const day = await morning();
    const { deps, clock, north, voucher } = day;
    await put(deps, "north", []);
    clock.now = T0 + 40 * DAY;
    const { id } = voucher;
    expect(await deps.store.wasCarried({ route: "north", voucherId: id })).toBe(true);
    await sync(deps, north);
    expect(await deps.store.wasCarried({ route: "north", voucherId: id })).toBe(false);
  });
});

describe("once per delivery", () => {
  test("the old voucher, accepted by who carried it before the new one came, ends the new one", async () => {
    const { deps, clock, north, voucher: old } = await morning();
    const next = await reissue(deps, old);
    clock.now += HOUR;
    const answer = await redeemOne(deps, record(old, { id: "old", at: T0 + 60 }), north.actor);
    expect(answer).toEqual({ id: "old", status: "accepted" });
    expect([await statusOf(deps, old), await statusOf(deps, next)]).toEqual(["redeemed", "superseded"]);
    expect(await viewPage(deps, String(next.link).slice(-22))).toEqual({ state: "used" });
    expect(await redeemOne(deps, record(next, { id: "new", at: clock.now }), COURIER)).toEqual({
      id: "new",
      status: "conflict",
      code: "already-delivered",
      by: { id: "old", at: T0 + 60, reporter: north.id },
    });
  });

  test("what was left to a person closes nothing: the new voucher is accepted", async () => {
    const { deps, clock, voucher: old } = await morning();
    const next = await reissue(deps, old);
    clock.now += HOUR;
    expect((await redeemOne(deps, record(old, { at: T0 + 60 }), COURIER)).code).toBe("withdrawn-late");
    expect(await statusOf(deps, next)).toBe("live");
    expect((await redeemNow(deps, next, COURIER)).status).toBe("accepted");
  });
});

type Deps = MemoryWorld["deps"];

function reissue(deps: Deps, { id }: VoucherView): Promise<VoucherView> {
  return reissueVoucher(deps, id, { expires: { in: DAY }, sms: false }, BACK_OFFICE);
}

function cancel(deps: Deps, { id }: VoucherView): Promise<VoucherView> {
  return revokeVoucher(deps, id, { cancel: true }, BACK_OFFICE);
}

async function statusOf(deps: Deps, { id }: VoucherView): Promise<string> {
  return (await showVoucher(deps, id)).status;
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listRedemptions } from "../src/domain/redemptions/list.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { showVoucher } from "../src/domain/vouchers/show.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, COURIER, DAY, HOUR, issueOne, order, record, redeemOne, T0 } from "./world.ts";

// docs/format.md section 7: between which times an act can have been, and until when it may be told.

describe("an act before its voucher was signed", () => {
  test.each([
    ["300 seconds before: an honest clock may be so far behind", -300, "accepted", undefined],
    ["301 seconds before", -301, "conflict", "out-of-bounds"],
    ["an hour before", -HOUR, "conflict", "out-of-bounds"],
  ])("%s", async (_, offset, status, code) => {
    const { deps } = await makeMemoryWorld();
    const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
    const answer = await redeemOne(deps, record(view, { at: T0 + offset }), COURIER);
    expect([answer.status, answer.code]).toEqual([status, code]);
  });

  test.each([
    ["before 1970", -1, "key-not-valid"],
    ["in the year 9999", 253_402_300_799, "key-not-valid"],
  ])("%s, where the format has no times: refused, and the next record is read", async (_, at, code) => {
    const { deps } = await makeMemoryWorld();
    const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
    expect(await redeemOne(deps, record(view, { id: "1", at }), COURIER)).toMatchObject({ status: "refused", code });
    expect(await redeemOne(deps, record(view, { id: "2", at: T0 }), COURIER)).toMatchObject({ status: "accepted" });
  });

  test("does not win over a reissue, nor deliver what was cancelled", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const early = { at: T0 - HOUR };
    const { view: old } = await issueOne(deps, order("A"), BACK_OFFICE);
    const { view: cancelled } = await issueOne(deps, order("B"), BACK_OFFICE);
    clock.now += 5;
    const next = await reissueVoucher(deps, old.id, { expires: { in: DAY } }, BACK_OFFICE);
    await revokeVoucher(deps, cancelled.id, { cancel: true }, BACK_OFFICE);
    for (const voucher of [old, cancelled])
      expect(await redeemOne(deps, record(voucher, early), COURIER)).toMatchObject({ code: "out-of-bounds" });
    expect((await redeemOne(deps, record(next, { at: clock.now }), COURIER)).status).toBe("accepted");
    expect((await deps.store.findDelivery("B"))?.state).toBe("cancelled");
  });

  test("is accepted at no time that is earlier than the voucher's own, less 300 seconds", async () => {
    const { deps, clock } = await makeMemoryWorld();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -2 * DAY, max: 2 * DAY }), fc.nat(DAY), async (offset, later) => {
        const issuedAt = T0 + 10 * DAY;
        clock.now = issuedAt;
        const { view } = await issueOne(deps, order(`D${run++}`), BACK_OFFICE);
        clock.now += later;
        const answer = await redeemOne(deps, record(view, { at: issuedAt + offset }), COURIER);
        const isPossible = offset >= -300 && offset <= later + 300;
        expect(answer.status).toBe(
          isPossible && offset < 2 * DAY ? "accepted" : offset < 2 * DAY ? "conflict" : "refused",
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe("a report after the voucher's expiry", () => {
  test.each([
    ["seven days after it", 7 * DAY, "accepted", undefined],
    ["a second later", 7 * DAY + 1, "conflict", "too-late"],
    ["half a year later", 180 * DAY, "conflict", "too-late"],
  ])("%s", async (_, after, status, code) => {
    const { deps, clock } = await makeMemoryWorld();
    const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
    clock.now = view.expiresAt + after;
    const answer = await redeemOne(deps, record(view, { at: T0 + HOUR }), COURIER);
    expect([answer.status, answer.code]).toEqual([status, code]);
  });

  test("is kept all the same, with its answer, and closes nothing", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
    clock.now = view.expiresAt + 8 * DAY;
    await redeemOne(deps, record(view, { id: "1", at: T0 + HOUR }), COURIER);
    expect((await listRedemptions(deps, { limit: 10 })).data).toMatchObject([
      { id: "1", status: "conflict", code: "too-late", deliveryId: "D" },
    ]);
    expect((await showVoucher(deps, view.id)).status).toBe("expired");
    expect((await deps.store.findDelivery("D"))?.state).toBe("open");
  });
});

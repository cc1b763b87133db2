import { verifyVoucher } from "@doorproof/verifier";
import { expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import { expireVouchers } from "../src/domain/vouchers/expire.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { resendVoucher } from "../src/domain/vouchers/resend.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { showVoucher } from "../src/domain/vouchers/show.ts";
import type { StoreDeps as Deps } from "../src/store/store.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import {
  BACK_OFFICE,
  DAY,
  DRIVER,
  dramaNumber,
  HOUR,
  issueOne,
  listeningGateway,
  order,
  redeemNow,
  refusal,
  sendAll,
  T0,
} from "./world.ts";

const NOBODY = "0".repeat(24);

test("a voucher is sent again: the same, at most three times, a minute between", async () => {
  const { deps, clock } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  clock.now += 59;
  expect(await refusal(resendVoucher(deps, view.id, BACK_OFFICE))).toBe("sms-refused");
  clock.now += 1;
  expect(await resendVoucher(deps, view.id, BACK_OFFICE)).toEqual(view);
  clock.now += 60;
  await resendVoucher(deps, view.id, BACK_OFFICE);
  clock.now += DAY;
  expect(await refusal(resendVoucher(deps, view.id, BACK_OFFICE))).toBe("sms-refused");
  const gateway = listeningGateway();
  expect(await sendAll(deps, gateway)).toEqual({ sent: 3, failed: 0 });
  expect(new Set(gateway.received.map(({ text }) => text)).size).toBe(1);
  expect(new Set(gateway.received.map(({ id }) => id)).size).toBe(3);
});

test("of two requests to send again at once, one is done", async () => {
  const { deps, clock } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  clock.now += 60;
  const answers = await Promise.allSettled([
    resendVoucher(deps, view.id, BACK_OFFICE),
    resendVoucher(deps, view.id, BACK_OFFICE),
  ]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await deps.store.smsOf(view.id)).toHaveLength(2);
});

test("a reissued voucher supersedes the old one in the same instant", async () => {
  const { deps, clock } = await makeMemoryWorld();
  const { view: old } = await issueOne(deps, order("D"), BACK_OFFICE);
  clock.now += HOUR;
  const next = await reissueVoucher(deps, old.id, { expires: { in: DAY } }, BACK_OFFICE);
  expect(next).toMatchObject({ deliveryId: "D", status: "live", expiresAt: clock.now + DAY });
  expect(await deps.store.findVoucher(old.id)).toMatchObject({ status: "superseded", endedAt: clock.now });
  expect(
    verifyVoucher(next.voucher, { keys: deps.keyring.keys, now: clock.now, delivery: "D", phones: [dramaNumber(1)] })
      .cti,
  ).not.toBe(old.cti);
  // The message about the old one had not gone out: it does not go out any more.
  expect((await deps.store.smsOf(old.id)).map(({ state }) => state)).toEqual(["dropped"]);
  const gateway = listeningGateway();
  await sendAll(deps, gateway);
  expect(gateway.received.map(({ text }) => text.includes(next.link ?? "no link"))).toEqual([true]);
});

test("a reissued voucher may be for another number, and by any voucher of its delivery", async () => {
  const { deps } = await makeMemoryWorld();
  const { view: first } = await issueOne(deps, order("D"), BACK_OFFICE);
  await reissueVoucher(deps, first.id, { expires: { in: HOUR }, phone: "07700 900002" }, BACK_OFFICE);
  const third = await reissueVoucher(deps, first.id, { expires: { in: HOUR } }, BACK_OFFICE);
  expect((await deps.store.vouchersOf("D")).map(({ status }) => status)).toEqual(["superseded", "superseded", "live"]);
  expect(
    verifyVoucher(third.voucher, { keys: deps.keyring.keys, now: T0, delivery: "D", phones: [dramaNumber(2)] })
      .deliveryId,
  ).toBe("D");
  const gateway = listeningGateway();
  await sendAll(deps, gateway);
  expect(gateway.received.map(({ to }) => to)).toEqual([dramaNumber(2)]);
  // The first order again is still the first order: no second delivery, no fault.
  expect(await issueOne(deps, order("D"), BACK_OFFICE)).toMatchObject({ created: false, view: { id: third.id } });
});

test("a faulty reissue tells all its faults and changes nothing", async () => {
  const { deps } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  await expect(reissueVoucher(deps, view.id, { expires: { at: T0 }, phone: "x" }, BACK_OFFICE)).rejects.toMatchObject({
    code: "invalid-delivery",
    faults: [{ pointer: "/expiresAt" }, { pointer: "/phone" }],
  });
  expect((await showVoucher(deps, view.id)).status).toBe("live");
});

test("a revoked voucher is not live, and its delivery may get another", async () => {
  const { deps } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  expect(
    (await revokeVoucher(deps, view.id, { cancel: false, reason: "lost phone, call 07700 900001" }, BACK_OFFICE))
      .status,
  ).toBe("revoked");
  expect(await refusal(revokeVoucher(deps, view.id, { cancel: false }, BACK_OFFICE))).toBe("voucher-not-live");
  expect(await refusal(resendVoucher(deps, view.id, BACK_OFFICE))).toBe("voucher-not-live");
  expect((await reissueVoucher(deps, view.id, { expires: { in: HOUR } }, BACK_OFFICE)).status).toBe("live");
  const { data } = await listEvents(deps, { delivery: "D", limit: 10 });
  expect(data.map(({ kind, reason }) => [kind, reason])).toEqual([
    ["voucher-issued", null],
    ["voucher-revoked", "lost phone, call 07700 900001"],
    ["voucher-issued", null],
  ]);
});

test("a cancelled delivery has no live voucher, by whichever of its vouchers it was cancelled, and gets none", async () => {
  const { deps } = await makeMemoryWorld();
  const { view: old } = await issueOne(deps, order("D"), BACK_OFFICE);
  const next = await reissueVoucher(deps, old.id, { expires: { in: HOUR } }, BACK_OFFICE);
  expect((await revokeVoucher(deps, old.id, { cancel: true }, BACK_OFFICE)).status).toBe("superseded");
  expect((await showVoucher(deps, next.id)).status).toBe("revoked");
  expect(await refusal(reissueVoucher(deps, old.id, { expires: { in: HOUR } }, BACK_OFFICE))).toBe(
    "delivery-cancelled",
  );
  expect(await refusal(revokeVoucher(deps, old.id, { cancel: true }, BACK_OFFICE))).toBe("delivery-cancelled");
  expect(await sendAll(deps, listeningGateway())).toEqual({ sent: 0, failed: 0 });
});

test("a delivered delivery gets no voucher and is not cancelled", async () => {
  const { deps } = await makeMemoryWorld();
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  await redeemNow(deps, view, DRIVER);
  expect(await refusal(reissueVoucher(deps, view.id, { expires: { in: HOUR } }, BACK_OFFICE))).toBe(
    "delivery-delivered",
  );
  expect(await refusal(revokeVoucher(deps, view.id, { cancel: true }, BACK_OFFICE))).toBe("delivery-delivered");
  expect(await refusal(revokeVoucher(deps, view.id, { cancel: false }, BACK_OFFICE))).toBe("voucher-not-live");
});

test("what has expired is marked once, by the clock, at its own time", async () => {
  const { deps, clock } = await makeMemoryWorld();
  for (let i = 0; i < 150; i++) await issueOne(deps, order(`D${i}`, { expires: { in: HOUR } }), BACK_OFFICE);
  const { view: later } = await issueOne(deps, order("later"), BACK_OFFICE);
  expect(await expireVouchers(deps)).toBe(0);
  clock.now += HOUR;
  expect(await expireVouchers(deps)).toBe(150);
  expect(await expireVouchers(deps)).toBe(0);
  expect((await deps.store.vouchersOf("D0")).map(({ status, endedAt }) => [status, endedAt])).toEqual([
    ["expired", T0 + HOUR],
  ]);
  expect((await showVoucher(deps, later.id)).status).toBe("live");
});

test.each<[string, (deps: Deps) => Promise<unknown>]>([
  ["show", (deps) => showVoucher(deps, NOBODY)],
  ["resend", (deps) => resendVoucher(deps, NOBODY, BACK_OFFICE)],
  ["reissue", (deps) => reissueVoucher(deps, NOBODY, { expires: { in: HOUR } }, BACK_OFFICE)],
  ["revoke", (deps) => revokeVoucher(deps, NOBODY, { cancel: false }, BACK_OFFICE)],
  ["cancel", (deps) => revokeVoucher(deps, NOBODY, { cancel: true }, BACK_OFFICE)],
])("%s of a voucher that is nowhere", async (_, verb) => {
  const { deps } = await makeMemoryWorld();
  expect(await refusal(verb(deps))).toBe("voucher-unknown");
});

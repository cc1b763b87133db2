import { verifyVoucher } from "@doorproof/verifier";
import { expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/events.ts";
import { sendWaiting } from "../src/domain/messages/outbox.ts";
import type { Parts } from "../src/domain/ports.ts";
import { expireVouchers } from "../src/domain/vouchers/expire.ts";
import { issueVoucher } from "../src/domain/vouchers/issue.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { resendVoucher } from "../src/domain/vouchers/resend.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { showVoucher } from "../src/domain/vouchers/show.ts";
import {
  DAY,
  DRIVER,
  dramaNumber,
  HOUR,
  listeningGateway,
  makeWorld,
  OFFICE,
  order,
  redeemNow,
  refusal,
  T0,
} from "./world.ts";

const NOBODY = "0".repeat(24);

test("a voucher is sent again: the same, at most three times, a minute between", async () => {
  const { parts, clock } = await makeWorld();
  const { view } = await issueVoucher(parts, order("D"), OFFICE);
  clock.now += 59;
  expect(await refusal(resendVoucher(parts, view.id, OFFICE))).toBe("sms-refused");
  clock.now += 1;
  expect(await resendVoucher(parts, view.id, OFFICE)).toEqual(view);
  clock.now += 60;
  await resendVoucher(parts, view.id, OFFICE);
  clock.now += DAY;
  expect(await refusal(resendVoucher(parts, view.id, OFFICE))).toBe("sms-refused");
  const gateway = listeningGateway();
  expect(await sendWaiting(parts, gateway)).toEqual({ sent: 3, failed: 0 });
  expect(new Set(gateway.received.map(({ text }) => text)).size).toBe(1);
  expect(new Set(gateway.received.map(({ id }) => id)).size).toBe(3);
});

test("of two requests to send again at once, one is done", async () => {
  const { parts, clock } = await makeWorld();
  const { view } = await issueVoucher(parts, order("D"), OFFICE);
  clock.now += 60;
  const answers = await Promise.allSettled([
    resendVoucher(parts, view.id, OFFICE),
    resendVoucher(parts, view.id, OFFICE),
  ]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await parts.store.smsOf(view.id)).toHaveLength(2);
});

test("a reissued voucher supersedes the old one in the same instant", async () => {
  const { parts, clock } = await makeWorld();
  const { view: old } = await issueVoucher(parts, order("D"), OFFICE);
  clock.now += HOUR;
  const next = await reissueVoucher(parts, old.id, { expires: { in: DAY } }, OFFICE);
  expect(next).toMatchObject({ deliveryId: "D", status: "live", expiresAt: clock.now + DAY });
  expect(await parts.store.findVoucher(old.id)).toMatchObject({ status: "superseded", endedAt: clock.now });
  expect(
    verifyVoucher(next.voucher, { keys: parts.keyring.keys, now: clock.now, delivery: "D", phones: [dramaNumber(1)] })
      .cti,
  ).not.toBe(old.cti);
  // The message about the old one had not gone out: it does not go out any more.
  expect((await parts.store.smsOf(old.id)).map(({ state }) => state)).toEqual(["dropped"]);
  const gateway = listeningGateway();
  await sendWaiting(parts, gateway);
  expect(gateway.received.map(({ text }) => text.includes(next.link))).toEqual([true]);
});

test("a reissued voucher may be for another number, and by any voucher of its delivery", async () => {
  const { parts } = await makeWorld();
  const { view: first } = await issueVoucher(parts, order("D"), OFFICE);
  await reissueVoucher(parts, first.id, { expires: { in: HOUR }, phone: "07700 900002" }, OFFICE);
  const third = await reissueVoucher(parts, first.id, { expires: { in: HOUR } }, OFFICE);
  expect((await parts.store.vouchersOf("D")).map(({ status }) => status)).toEqual(["superseded", "superseded", "live"]);
  expect(
    verifyVoucher(third.voucher, { keys: parts.keyring.keys, now: T0, delivery: "D", phones: [dramaNumber(2)] })
      .deliveryId,
  ).toBe("D");
  const gateway = listeningGateway();
  await sendWaiting(parts, gateway);
  expect(gateway.received.map(({ to }) => to)).toEqual([dramaNumber(2)]);
  // The first order again is still the first order: no second delivery, no fault.
  expect(await issueVoucher(parts, order("D"), OFFICE)).toMatchObject({ created: false, view: { id: third.id } });
});

test("a faulty reissue tells all its faults and changes nothing", async () => {
  const { parts } = await makeWorld();
  const { view } = await issueVoucher(parts, order("D"), OFFICE);
  await expect(reissueVoucher(parts, view.id, { expires: { at: T0 }, phone: "x" }, OFFICE)).rejects.toMatchObject({
    code: "invalid-delivery",
    faults: [{ pointer: "/expiresAt" }, { pointer: "/phone" }],
  });
  expect((await showVoucher(parts, view.id)).status).toBe("live");
});

test("a revoked voucher is not live, and its delivery may get another", async () => {
  const { parts } = await makeWorld();
  const { view } = await issueVoucher(parts, order("D"), OFFICE);
  expect(
    (await revokeVoucher(parts, view.id, { cancel: false, reason: "lost phone, call 07700 900001" }, OFFICE)).status,
  ).toBe("revoked");
  expect(await refusal(revokeVoucher(parts, view.id, { cancel: false }, OFFICE))).toBe("voucher-not-live");
  expect(await refusal(resendVoucher(parts, view.id, OFFICE))).toBe("voucher-not-live");
  expect((await reissueVoucher(parts, view.id, { expires: { in: HOUR } }, OFFICE)).status).toBe("live");
  const { data } = await listEvents(parts, { delivery: "D", limit: 10 });
  expect(data.map(({ kind, reason }) => [kind, reason])).toEqual([
    ["voucher-issued", null],
    ["voucher-revoked", "lost phone, call 07700 900001"],
    ["voucher-issued", null],
  ]);
});

test("a cancelled delivery has no live voucher, by whichever of its vouchers it was cancelled, and gets none", async () => {
  const { parts } = await makeWorld();
  const { view: old } = await issueVoucher(parts, order("D"), OFFICE);
  const next = await reissueVoucher(parts, old.id, { expires: { in: HOUR } }, OFFICE);
  expect((await revokeVoucher(parts, old.id, { cancel: true }, OFFICE)).status).toBe("superseded");
  expect((await showVoucher(parts, next.id)).status).toBe("revoked");
  expect(await refusal(reissueVoucher(parts, old.id, { expires: { in: HOUR } }, OFFICE))).toBe("delivery-cancelled");
  expect(await refusal(revokeVoucher(parts, old.id, { cancel: true }, OFFICE))).toBe("delivery-cancelled");
  expect(await sendWaiting(parts, listeningGateway())).toEqual({ sent: 0, failed: 0 });
});

test("a delivered delivery gets no voucher and is not cancelled", async () => {
  const { parts } = await makeWorld();
  const { view } = await issueVoucher(parts, order("D"), OFFICE);
  await redeemNow(parts, view, DRIVER);
  expect(await refusal(reissueVoucher(parts, view.id, { expires: { in: HOUR } }, OFFICE))).toBe("delivery-delivered");
  expect(await refusal(revokeVoucher(parts, view.id, { cancel: true }, OFFICE))).toBe("delivery-delivered");
  expect(await refusal(revokeVoucher(parts, view.id, { cancel: false }, OFFICE))).toBe("voucher-not-live");
});

test("what has expired is marked once, by the clock, at its own time", async () => {
  const { parts, clock } = await makeWorld();
  for (let i = 0; i < 150; i++) await issueVoucher(parts, order(`D${i}`, { expires: { in: HOUR } }), OFFICE);
  const { view: later } = await issueVoucher(parts, order("later"), OFFICE);
  expect(await expireVouchers(parts)).toBe(0);
  clock.now += HOUR;
  expect(await expireVouchers(parts)).toBe(150);
  expect(await expireVouchers(parts)).toBe(0);
  expect((await parts.store.vouchersOf("D0")).map(({ status, endedAt }) => [status, endedAt])).toEqual([
    ["expired", T0 + HOUR],
  ]);
  expect((await showVoucher(parts, later.id)).status).toBe("live");
});

test.each<[string, (parts: Parts) => Promise<unknown>]>([
  ["show", (parts) => showVoucher(parts, NOBODY)],
  ["resend", (parts) => resendVoucher(parts, NOBODY, OFFICE)],
  ["reissue", (parts) => reissueVoucher(parts, NOBODY, { expires: { in: HOUR } }, OFFICE)],
  ["revoke", (parts) => revokeVoucher(parts, NOBODY, { cancel: false }, OFFICE)],
  ["cancel", (parts) => revokeVoucher(parts, NOBODY, { cancel: true }, OFFICE)],
])("%s of a voucher that is nowhere", async (_, verb) => {
  const { parts } = await makeWorld();
  expect(await refusal(verb(parts))).toBe("voucher-unknown");
});

import { describe, expect, test } from "vitest";
import type { Deps } from "../src/domain/ports.ts";
import { forgetAnswers, type OnceRequest, withIdempotency } from "../src/domain/vouchers/idempotency.ts";
import type { Outcome } from "../src/domain/vouchers/issue.ts";
import { viewPage } from "../src/domain/vouchers/page.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { resendVoucher } from "../src/domain/vouchers/resend.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import type { Rows, StoreDeps } from "../src/store/store.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, DAY, DRIVER, HOUR, issueOne, order, redeemNow, refusal, T0, withStore } from "./world.ts";

async function once(
  deps: StoreDeps,
  request: OnceRequest,
  verb: (deps: Deps<Rows>) => Promise<Outcome>,
): Promise<Outcome & { replayed: boolean }> {
  const { answer, replayed } = await withIdempotency(deps, request, { verb, write: JSON.stringify });
  return { ...(JSON.parse(answer) as Outcome), replayed };
}

describe("an idempotency key", () => {
  const request = { actor: BACK_OFFICE, key: "k", route: "POST /v1/vouchers", bodyHash: "hash" };

  test("does once what is not harmless twice, and gives the first answer, whatever has happened since", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
    clock.now += HOUR;
    const again = () =>
      once(deps, request, async (inside) => ({
        view: await resendVoucher(inside, view.id, BACK_OFFICE),
        created: false,
      }));
    const first = await again();
    clock.now += 60;
    await revokeVoucher(deps, view.id, { cancel: true }, BACK_OFFICE);
    expect(await again()).toEqual({ ...first, replayed: true });
    expect([first.replayed, first.view.status]).toEqual([false, "live"]);
    expect(await deps.store.smsOf(view.id)).toHaveLength(2);
  });

  test("of ten at once, one reissues", async () => {
    const { deps } = await makeMemoryWorld();
    const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () =>
        once(deps, request, async (inside) => ({
          view: await reissueVoucher(inside, view.id, { expires: { in: HOUR } }, BACK_OFFICE),
          created: true,
        })),
      ),
    );
    expect(new Set(outcomes.map((outcome) => outcome.view.id)).size).toBe(1);
    expect(outcomes.every(({ created }) => created)).toBe(true);
    expect(await deps.store.vouchersOf("D")).toHaveLength(2);
  });

  test.each([
    ["another body", { bodyHash: "other" }],
    ["another route", { route: "POST /v1/other" }],
  ])("with %s is refused", async (_, change) => {
    const { deps } = await makeMemoryWorld();
    await once(deps, request, (inside) => issueOne(inside, order("D"), BACK_OFFICE));
    const other = once(deps, { ...request, ...change }, (inside) => issueOne(inside, order("E"), BACK_OFFICE));
    expect(await refusal(other)).toBe("idempotency-mismatch");
    expect(await deps.store.findDelivery("E")).toBeUndefined();
  });

  test("is one actor's own, and forgotten after seven days", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const issue = (change: object, deliveryId: string) =>
      once(deps, { ...request, ...change }, (inside) => issueOne(inside, order(deliveryId), BACK_OFFICE));
    await issue({}, "D");
    expect((await issue({ actor: DRIVER }, "E")).view.deliveryId).toBe("E");
    clock.now += 7 * DAY;
    expect((await issue({}, "F")).view.deliveryId).toBe("D");
    clock.now += 1;
    expect((await issue({}, "F")).view.deliveryId).toBe("F");
  });

  test("that was noted before answers were kept makes it again, and says that it is one", async () => {
    const { deps } = await makeMemoryWorld();
    const before = withStore(deps, (store) => ({
      transaction: (work) =>
        store.transaction((rows) =>
          work({ ...rows, insertIdempotency: (row) => rows.insertIdempotency({ ...row, sealedAnswer: null }) }),
        ),
    }));
    const issue = (on: typeof deps) => once(on, request, (inside) => issueOne(inside, order("D"), BACK_OFFICE));
    const first = await issue(before);
    expect(await issue(deps)).toEqual({ ...first, replayed: true });
  });

  test("is forgotten by the clock too, with its answer, where nobody sends another one", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const forgotten: number[] = [];
    const watched = withStore(deps, (store) => ({
      forgetIdempotency: async (olderThan) => {
        forgotten.push(olderThan);
        await store.forgetIdempotency(olderThan);
      },
    }));
    clock.now += 8 * DAY;
    await forgetAnswers(watched);
    expect(forgotten).toEqual([T0 + DAY]);
  });

  test("what failed may be tried again, and left nothing behind", async () => {
    const { deps } = await makeMemoryWorld();
    const failing = once(deps, request, async (inside) => {
      await issueOne(inside, order("D"), BACK_OFFICE);
      throw new Error("killed");
    });
    await expect(failing).rejects.toThrow("killed");
    expect(await deps.store.findDelivery("D")).toBeUndefined();
    const outcome = await once(deps, request, (inside) => issueOne(inside, order("D"), BACK_OFFICE));
    expect(outcome.created).toBe(true);
  });

  test("a crash loses note and deed together", async () => {
    const { deps } = await makeMemoryWorld();
    const crashing = withStore(deps, (store) => ({
      transaction: (work) =>
        store.transaction((rows) => work({ ...rows, insertIdempotency: () => Promise.reject(new Error("crash")) })),
    }));
    await expect(once(crashing, request, (inside) => issueOne(inside, order("D"), BACK_OFFICE))).rejects.toThrow(
      "crash",
    );
    expect(await deps.store.findDelivery("D")).toBeUndefined();
  });
});

describe("the link in the message", () => {
  test("shows the voucher while it is good, then what became of it, and changes nothing", async () => {
    const { deps, clock } = await makeMemoryWorld();
    const token = async (deliveryId: string) => {
      const { view } = await issueOne(deps, order(deliveryId, { locale: "fr" }), BACK_OFFICE);
      return { view, token: String(view.link).slice(-22) };
    };
    const [used, revoked, superseded, expired] = [
      await token("A"),
      await token("B"),
      await token("C"),
      await token("D"),
    ];
    const { voucher, shortCode, expiresAt } = used.view;
    expect(await viewPage(deps, used.token)).toEqual({
      state: "ready",
      voucherText: voucher,
      shortCode: shortCode?.replace("-", ""),
      expiresAt,
      locale: "fr",
    });
    await redeemNow(deps, used.view, DRIVER);
    await revokeVoucher(deps, revoked.view.id, { cancel: true }, BACK_OFFICE);
    await reissueVoucher(deps, superseded.view.id, { expires: { in: DAY } }, BACK_OFFICE);
    const events = await deps.store.countEvents();
    expect(await viewPage(deps, used.token)).toEqual({ state: "used" });
    expect(await viewPage(deps, revoked.token)).toEqual({ state: "withdrawn" });
    expect(await viewPage(deps, superseded.token)).toEqual({ state: "withdrawn" });
    expect((await viewPage(deps, expired.token)).state).toBe("ready");
    clock.now = T0 + 48 * HOUR;
    expect(await viewPage(deps, expired.token)).toEqual({ state: "expired" });
    expect(await deps.store.countEvents()).toEqual(events);
  });

  test.each([[""], ["A".repeat(22)], ["%00"], ["A".repeat(1e6)]])("%.30s leads nowhere", async (token) => {
    const { deps } = await makeMemoryWorld();
    await issueOne(deps, order("D"), BACK_OFFICE);
    expect(await viewPage(deps, token)).toEqual({ state: "unknown" });
  });

  test("its token has one spelling", async () => {
    const { deps } = await makeMemoryWorld();
    const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
    const token = String(view.link).slice(-22);
    // The last character carries two bits that mean nothing: four spellings decode to the same bytes.
    const others = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].filter(
      (last) => last !== token.at(-1),
    );
    for (const last of others) expect(await viewPage(deps, token.slice(0, -1) + last)).toEqual({ state: "unknown" });
  });

  test("a voucher whose key is gone is not shown as good", async () => {
    const { deps } = await makeMemoryWorld();
    const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
    const keyless = { ...deps, keyring: { ...deps.keyring, signedBy: () => undefined } };
    expect(await viewPage(keyless, String(view.link).slice(-22))).toEqual({ state: "withdrawn" });
  });
});

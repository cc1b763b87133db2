import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import { eraseDelivery } from "../src/domain/personal-data/erase.ts";
import { retain } from "../src/domain/personal-data/retain.ts";
import { listRedemptions } from "../src/domain/redemptions/list.ts";
import { type Entry, report } from "../src/domain/redemptions/report.ts";
import { expireVouchers } from "../src/domain/vouchers/expire.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { showVoucher } from "../src/domain/vouchers/show.ts";
import type { StoreDeps } from "../src/store/store.ts";
import { enrolPhone, seal, sync } from "./dispatch-world.ts";
import { BACK_OFFICE, COURIER, DAY, HOUR, issueOne, order, record, redeemOne, refusal } from "./world.ts";

const OPERATOR = { kind: "operator", id: "command-line" } as const;
const POLICY = { phoneDays: 14, nameDays: 90 };

interface Clocked {
  readonly deps: StoreDeps;
  readonly clock: { now: number };
}

type Rule = (makeWorld: () => Promise<Clocked>) => Promise<void>;

/** How what is about a person ends, on whatever store: each fails by throwing. */
export const RULES: Readonly<Record<string, Rule>> = {
  "number, label and reasons 14 days after the delivery's end, the taker's name after 90, and no day before": async (
    makeWorld,
  ) => {
    const { deps, clock, taken } = await play(await makeWorld());
    const kept = async () => {
      const delivery = await deps.store.findDelivery("taken");
      const [voucher] = await deps.store.vouchersOf("taken");
      const { data } = await listRedemptions(deps, { limit: 9 });
      const { data: events } = await listEvents(deps, { delivery: "cancelled", limit: 99 });
      return {
        phone: delivery?.sealedPhone !== null,
        label: delivery?.sealedLabel !== null || delivery?.sealedDetails !== null,
        mac: delivery?.orderMac !== null,
        hash: voucher?.phoneHash !== null,
        name: data.some((one) => one.name !== null),
        reason: events.some((one) => one.reason !== null),
      };
    };
    const all = { phone: true, label: true, mac: true, hash: true, name: true, reason: true };
    const end = clock.now;
    expect(await retain(deps, POLICY)).toBe(0);
    clock.now = end + 14 * DAY - 1;
    await retain(deps, POLICY);
    expect(await kept()).toEqual(all);
    clock.now = end + 14 * DAY + 1;
    await retain(deps, POLICY);
    const without = { phone: false, label: false, mac: false, hash: false, reason: false };
    expect(await kept()).toEqual({ ...without, name: true });
    clock.now = end + 90 * DAY - 1;
    await retain(deps, POLICY);
    expect(await kept()).toEqual({ ...without, name: true });
    clock.now = end + 90 * DAY + 1;
    await retain(deps, POLICY);
    expect(await kept()).toEqual({ ...without, name: false });
    expect((await showVoucher(deps, taken)).status).toBe("redeemed");
    expect(await refusal(issueOne(deps, order("taken"), BACK_OFFICE))).toBe("delivery-delivered");
  },

  "not while a voucher of the delivery lives or has ended since": async (makeWorld) => {
    const { deps, clock } = await makeWorld();
    await issueOne(deps, order("late", { expires: { in: 48 * HOUR } }), BACK_OFFICE);
    clock.now += 2 * DAY + 14 * DAY - 1;
    expect(await retain(deps, POLICY)).toBe(0);
    clock.now += 2;
    expect(await retain(deps, POLICY)).toBe(1);
  },

  "erased, a delivery is known to nobody, and each act of it is told of a tombstone, with no gap": async (
    makeWorld,
  ) => {
    const { deps } = await play(await makeWorld());
    const before = await deps.store.listEvents({ limit: 100 });
    const { tombstone } = await eraseDelivery(deps, "taken", OPERATOR);
    const after = await deps.store.listEvents({ limit: 100 });
    expect(await deps.store.findDelivery("taken")).toBeUndefined();
    expect(await deps.store.listEvents({ deliveryId: "taken", limit: 9 })).toEqual([]);
    expect(after.map(({ seq }) => seq)).toEqual(after.map((_, index) => after.length - index));
    const told = before.map((event) =>
      event.deliveryId === "taken" ? { ...event, deliveryId: tombstone, sealedReason: null } : event,
    );
    expect(after.slice(1)).toEqual(told);
    expect(after[0]).toMatchObject({ kind: "delivery-erased", deliveryId: tombstone, actorKind: "operator" });
    const { data } = await listRedemptions(deps, { limit: 9 });
    expect(data.map(({ deliveryId, name }) => [deliveryId, name])).toEqual([[tombstone, null]]);
    expect(await deps.store.findDelivery("cancelled")).toMatchObject({ state: "cancelled" });
  },

  "what a phone uploads after the erasure is recorded, and brings back neither the delivery nor anybody": async (
    makeWorld,
  ) => {
    const { deps, clock } = await makeWorld();
    const phone = await enrolPhone(deps, "north");
    const { view } = await issueOne(deps, order("LATE-ONE", { route: "north" }), BACK_OFFICE);
    const cancelled = await issueOne(deps, order("LATE-TWO", { route: "north" }), BACK_OFFICE);
    await seal(deps);
    await sync(deps, phone);
    clock.now += HOUR;
    const at = clock.now;
    await revokeVoucher(deps, cancelled.view.id, { cancel: true, reason: "wrong" }, BACK_OFFICE);
    clock.now += 3 * DAY;
    await expireVouchers(deps);
    const tombstones: string[] = [];
    for (const id of ["LATE-ONE", "LATE-TWO"]) tombstones.push((await eraseDelivery(deps, id, OPERATOR)).tombstone);
    const name = "Wilhelmina Featherstonehaugh";
    const entries: Entry[] = [
      { ...record(view, { seq: 1, at, takenBy: "neighbour", name }), route: "north" },
      record(cancelled.view, { seq: 2, at: at + 1, takenBy: "neighbour", name }),
      record(view, { seq: 3, at: clock.now, takenBy: "neighbour", name }),
      { kind: "attempt", id: randomUUID(), seq: 4, at, deliveryId: "LATE-ONE", reason: "other", note: `for ${name}` },
      {
        kind: "refusal",
        id: randomUUID(),
        seq: 5,
        at,
        code: "expired",
        kid: view.kid,
        cti: view.cti,
        deliveryId: "LATE-ONE",
      },
      { kind: "refusal", id: randomUUID(), seq: 6, at, code: "bad-signature", deliveryId: "LATE-TWO" },
    ];
    const answers = await report(deps, entries, phone.actor);
    expect(answers.map(({ status }) => status)).toEqual(["accepted", "conflict", "refused", "noted", "noted", "noted"]);
    const stored = async () => [
      await deps.store.listEvents({ limit: 99 }),
      await deps.store.listRedemptions({ limit: 99 }),
      await Promise.all(entries.map(({ id }) => deps.store.findEntry(`device:${phone.id}`, id))),
    ];
    expect(JSON.stringify(await stored())).not.toMatch(/LATE-/);
    expect((await listRedemptions(deps, { limit: 9 })).data.map((one) => [one.deliveryId, one.name])).toEqual([
      [tombstones[0], null],
      [tombstones[1], null],
      [tombstones[0], null],
    ]);
    // By what the trail says under encryption an operator finds it, for as long as notes are kept.
    const reasons = async () => JSON.stringify((await listEvents(deps, { limit: 99 })).data);
    expect(await reasons()).toContain(`LATE-ONE: other: for ${name}`);
    clock.now += 14 * DAY + 1;
    await retain(deps, POLICY);
    expect(await reasons()).not.toMatch(/LATE-|Wilhelmina/);
  },

  "what lives is not erased, nor what is not there": async (makeWorld) => {
    const { deps } = await makeWorld();
    await issueOne(deps, order("open"), BACK_OFFICE);
    expect(await refusal(eraseDelivery(deps, "open", OPERATOR))).toBe("delivery-open");
    expect(await refusal(eraseDelivery(deps, "none", OPERATOR))).toBe("delivery-unknown");
  },
};

export function personalDataContract(name: string, makeWorld: () => Promise<Clocked>): void {
  test.each(Object.entries(RULES))(`personal data end on ${name}: %s`, (_, rule) => rule(makeWorld));
}

/** A delivery that a neighbour took, and one that was cancelled with a reason. */
export async function play<World extends Clocked>(world: World): Promise<World & { readonly taken: string }> {
  const { deps, clock } = world;
  const { view } = await issueOne(
    deps,
    order("taken", { label: { name: "Unfindable", address: "Flat 3, Unfindable Street" } }),
    BACK_OFFICE,
  );
  const other = await issueOne(deps, order("cancelled"), BACK_OFFICE);
  clock.now += HOUR;
  const at = { id: randomUUID(), at: clock.now, takenBy: "neighbour", name: "Wilhelmina Featherstonehaugh" } as const;
  expect((await redeemOne(deps, record(view, at), COURIER)).status).toBe("accepted");
  const reason = "customer called from 07700 900999";
  await revokeVoucher(deps, other.view.id, { cancel: true, reason }, BACK_OFFICE);
  await expireVouchers(deps);
  return { ...world, taken: view.id };
}

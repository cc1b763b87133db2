import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import { eraseDelivery } from "../src/domain/personal-data/erase.ts";
import { retain } from "../src/domain/personal-data/retain.ts";
import { listRedemptions } from "../src/domain/redemptions/list.ts";
import { expireVouchers } from "../src/domain/vouchers/expire.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { showVoucher } from "../src/domain/vouchers/show.ts";
import type { StoreDeps } from "../src/store/store.ts";
import { BACK_OFFICE, COURIER, DAY, HOUR, issueOne, order, record, redeemOne, refusal } from "./world.ts";

const OPERATOR = { kind: "operator", id: "command-line" } as const;
const POLICY = { phoneDays: 14, nameDays: 90 };

interface Clocked {
  readonly deps: StoreDeps;
  readonly clock: { now: number };
}

/** How what is about a person ends, on whatever store. */
export function personalDataContract(name: string, makeWorld: () => Promise<Clocked>): void {
  describe(`personal data end on ${name}`, () => {
    test("number, label and reasons 14 days after the delivery's end, the taker's name after 90, and no day before", async () => {
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
      clock.now = end + 90 * DAY + 1;
      await retain(deps, POLICY);
      expect(await kept()).toEqual({ ...without, name: false });
      expect((await showVoucher(deps, taken)).status).toBe("redeemed");
      expect(await refusal(issueOne(deps, order("taken"), BACK_OFFICE))).toBe("delivery-delivered");
    });

    test("not while a voucher of the delivery lives or has ended since", async () => {
      const { deps, clock } = await makeWorld();
      await issueOne(deps, order("late", { expires: { in: 48 * HOUR } }), BACK_OFFICE);
      clock.now += 2 * DAY + 14 * DAY - 1;
      expect(await retain(deps, POLICY)).toBe(0);
      clock.now += 2;
      expect(await retain(deps, POLICY)).toBe(1);
    });

    test("erased, a delivery is known to nobody, and each act of it is told of a tombstone, with no gap", async () => {
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
    });

    test("what lives is not erased, nor what is not there", async () => {
      const { deps } = await makeWorld();
      await issueOne(deps, order("open"), BACK_OFFICE);
      expect(await refusal(eraseDelivery(deps, "open", OPERATOR))).toBe("delivery-open");
      expect(await refusal(eraseDelivery(deps, "none", OPERATOR))).toBe("delivery-unknown");
    });
  });
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

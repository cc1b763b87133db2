import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { listEvents } from "../src/domain/audit/list.ts";
import { eraseDelivery } from "../src/domain/personal-data/erase.ts";
import { reencrypt } from "../src/domain/personal-data/reencrypt.ts";
import { listRedemptions } from "../src/domain/redemptions/list.ts";
import { report } from "../src/domain/redemptions/report.ts";
import { withIdempotency } from "../src/domain/vouchers/idempotency.ts";
import type { Outcome } from "../src/domain/vouchers/issue.ts";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import { revokeVoucher } from "../src/domain/vouchers/revoke.ts";
import { showVoucher } from "../src/domain/vouchers/show.ts";
import type { Rows, StoreDeps } from "../src/store/store.ts";
import {
  BACK_OFFICE,
  COURIER,
  DAY,
  dramaNumber,
  HOUR,
  issueOne,
  order,
  record,
  redeemOne,
  refusal,
  withStore,
} from "./world.ts";

interface Clocked {
  readonly deps: StoreDeps;
  readonly clock: { now: number };
}

const REASON = "customer called from 07700 900999";
const NAME = "Wilhelmina Featherstonehaugh";
const STOP = { label: { name: "Unfindable", address: "Flat 3, Unfindable Street" }, call: "tel:+442079460000" };

/** How a DATA_SECRET is changed and the older one thrown away, on whatever store. */
export function reencryptContract(name: string, makeWorld: () => Promise<Clocked>): void {
  describe(`encrypting anew on ${name}`, () => {
    test("once it is done, the newest secret alone reads every field, and what is recognised stays so", async () => {
      const { both, alone, ids } = await rotate(await makeWorld());
      const found = await reencrypt(both);
      expect(found.done).toEqual({ phone: 3, label: 1, details: 1, name: 1, note: 1, reason: 3 });
      expect(found.requests).toBe(2);
      expect(found.opens[1]).toBe(1);
      expect(found.unreadable).toBe(0);
      await readAll(alone, ids);
      expect(await issueOne(alone, order("at", { expires: { at: ids.at } }), BACK_OFFICE)).toMatchObject({
        created: false,
      });
      expect(await issueOne(alone, order("in", STOP), BACK_OFFICE)).toMatchObject({ created: false });
      // Its number was changed: the first request is unknown, and nothing is issued for it.
      expect(await refusal(issueOne(alone, order("changed"), BACK_OFFICE))).toBe("delivery-exists");
    });

    test("before it is done, the newest alone reads none of it", async () => {
      const { alone, ids } = await rotate(await makeWorld());
      await expect(readAll(alone, ids)).rejects.toThrow(/cannot be opened/);
    });

    test("a kept answer stays with the secret by which it is found, until it ends", async () => {
      const { both, once, clock } = await rotate(await makeWorld());
      expect((await reencrypt(both)).opens[1]).toBe(1);
      expect(await once(both)).toMatchObject({ replayed: true });
      clock.now += 7 * DAY + 1;
      await both.store.forgetIdempotency(clock.now - 7 * DAY);
      expect((await reencrypt(both)).opens[1]).toBe(0);
    });

    test("stopped anywhere, it is run again, and in the end each text was encrypted anew once", async () => {
      const { both, alone, ids } = await rotate(await makeWorld());
      let stopped = 0;
      for (let left = 1; ; left += 1) {
        const outcome = await reencrypt(stopAfter(both, left)).catch((error: unknown) => error);
        if (!(outcome instanceof Error)) break;
        stopped += 1;
      }
      expect(stopped).toBeGreaterThan(2);
      expect((await reencrypt(both)).opens[1]).toBe(1);
      await readAll(alone, ids);
    });

    test("what somebody writes or erases between reading and replacing stays as they left it", async () => {
      const { both, alone, ids } = await rotate(await makeWorld());
      let isMeddled = false;
      const meddling = withStore(both, (store) => ({
        async encryptedTexts(query) {
          const texts = await store.encryptedTexts(query);
          if (query.field === "phone" && !isMeddled) {
            isMeddled = true;
            await reissueVoucher(both, ids.open, { expires: { in: DAY }, phone: dramaNumber(77) }, BACK_OFFICE);
            await eraseDelivery(both, "at", { kind: "operator", id: "command-line" });
          }
          return texts;
        },
      }));
      const found = await reencrypt(meddling);
      expect([found.done.phone, found.opens[1], found.unreadable]).toEqual([1, 1, 0]);
      expect((await reissueVoucher(alone, ids.open, { expires: { in: HOUR } }, BACK_OFFICE)).deliveryId).toBe(
        "changed",
      );
      expect((await both.store.listEvents({ limit: 99 })).some(({ deliveryId }) => deliveryId === "at")).toBe(false);
    });

    test("a text that no secret opens is counted and left, and hides no other", async () => {
      const { both, alone } = await rotate(await makeWorld());
      const odd = { ...both, secrets: { ...both.secrets, data: [both.random(32)] } };
      await issueOne(odd, order("odd"), BACK_OFFICE);
      expect(await reencrypt(both)).toMatchObject({ done: { phone: 3 }, unreadable: 1 });
      expect(await reencrypt(alone)).toMatchObject({ done: { phone: 0 }, unreadable: 2 });
    });
  });
}

/** A day's texts under the secret of that day, and the same issuer with a new one before it, and with that alone. */
async function rotate({ deps, clock }: Clocked) {
  const at = clock.now + 48 * HOUR;
  const first = await issueOne(deps, order("in", STOP), BACK_OFFICE);
  const second = await issueOne(deps, order("at", { expires: { at } }), BACK_OFFICE);
  const third = await issueOne(deps, order("changed"), BACK_OFFICE);
  const request = { actor: BACK_OFFICE, key: "k", route: "POST /v1/vouchers", bodyHash: "hash" };
  const write = ({ view }: Outcome) => view.id;
  const reissue = (inside: StoreDeps | Parameters<typeof reissueVoucher>[0]) =>
    reissueVoucher(inside, third.view.id, { expires: { in: DAY }, phone: dramaNumber(9) }, BACK_OFFICE);
  const once = (by: StoreDeps) =>
    withIdempotency(by, request, { write, verb: async (inside) => ({ view: await reissue(inside), created: true }) });
  const { answer: open } = await once(deps);
  const taken = record(first.view, { id: randomUUID(), at: clock.now, takenBy: "neighbour", name: NAME });
  expect((await redeemOne(deps, taken, COURIER)).status).toBe("accepted");
  await revokeVoucher(deps, second.view.id, { cancel: true, reason: REASON }, BACK_OFFICE);
  const attempt = { kind: "attempt", deliveryId: "changed", reason: "other", note: "the dog bites" } as const;
  await report(deps, [{ ...attempt, id: randomUUID(), seq: 1, at: clock.now }], COURIER);
  const [newest, old] = [deps.random(32), deps.secrets.data];
  const under = (data: readonly Uint8Array[]): StoreDeps => ({ ...deps, secrets: { ...deps.secrets, data } });
  const ids = { taken: first.view.id, open, at };
  return { both: under([newest, ...old]), alone: under([newest]), ids, once, clock };
}

async function readAll(deps: StoreDeps, { taken, open }: { taken: string; open: string }): Promise<void> {
  expect(await showVoucher(deps, taken)).toMatchObject(STOP);
  expect((await listRedemptions(deps, { limit: 9 })).data.map(({ name }) => name)).toEqual([NAME]);
  const { data } = await listEvents(deps, { delivery: "at", limit: 9 });
  expect(data.map(({ reason }) => reason)).toContain(REASON);
  expect((await reissueVoucher(deps, open, { expires: { in: DAY } }, BACK_OFFICE)).deliveryId).toBe("changed");
}

/** Fails at a write, and with it the batch, as a process that is killed there. */
function stopAfter(deps: StoreDeps, writes: number): StoreDeps {
  let left = writes;
  const count = (rows: Rows): Partial<Rows> => ({
    replaceEncrypted: async (change) => {
      left -= 1;
      if (left < 0) throw new Error("killed");
      return rows.replaceEncrypted(change);
    },
  });
  return withStore(deps, (store) => ({
    transaction: (work) => store.transaction((rows) => work({ ...rows, ...count(rows) })),
  }));
}

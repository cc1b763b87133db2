import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reissueVoucher } from "../src/domain/vouchers/reissue.ts";
import type { Rows } from "../src/store/store.ts";
import { Broken, play, property4, sequences } from "./property4.contract.ts";
import { makeWorld, type World } from "./sqlite-world.ts";
import { BACK_OFFICE, HOUR, issueOne, order, withStore } from "./world.ts";

property4("SQLite", makeWorld, 200);

/** Each forgets one thing that keeps the invariant. */
const FAULTS: Record<string, (rows: Rows) => Partial<Rows>> = {
  "does not mark what is superseded": (rows) => forgetStatus(rows, "superseded"),
  "does not mark what is revoked": (rows) => forgetStatus(rows, "revoked"),
  "does not mark what is redeemed": (rows) => forgetStatus(rows, "redeemed"),
  "forgets that a delivery is cancelled": (rows) => forgetState(rows, "cancelled"),
  "forgets that a delivery is delivered": (rows) => forgetState(rows, "delivered"),
  "lets every acceptance in": (rows) => ({
    insertAcceptance: async () => true,
    findAcceptance: async () => undefined,
    insertRedemption: rows.insertRedemption,
  }),
};

describe("is not a property that any store has: found is a store that", () => {
  test.each(Object.entries(FAULTS))("%s", async (_, fault) => {
    const world = await makeWorld();
    dropSecondNet(world);
    const deps = withStore(world.deps, (store) => ({
      ...fault(store),
      transaction: (work) => store.transaction((rows) => work({ ...rows, ...fault(rows) })),
    }));
    let run = 0;
    const found = await fc.check(
      fc.asyncProperty(sequences, (sequence) => play(world, deps, sequence, `run${run++}`)),
      { numRuns: 1000, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
    expect(found.errorInstance).toBeInstanceOf(Broken);
  });
});

test("the database refuses a second live voucher by itself", async () => {
  const { deps } = await makeWorld();
  const forgetful = withStore(deps, (store) => ({
    transaction: (work) => store.transaction((rows) => work({ ...rows, ...forgetStatus(rows, "superseded") })),
  }));
  const { view } = await issueOne(deps, order("D"), BACK_OFFICE);
  await expect(reissueVoucher(forgetful, view.id, { expires: { in: HOUR } }, BACK_OFFICE)).rejects.toThrow(
    /UNIQUE constraint failed/,
  );
  expect(await deps.store.vouchersOf("D")).toHaveLength(1);
});

function forgetStatus(rows: Rows, forgotten: string): Partial<Rows> {
  return {
    setVoucherStatus: async (id, status, at) =>
      void (status === forgotten || (await rows.setVoucherStatus(id, status, at))),
  };
}

function forgetState(rows: Rows, forgotten: string): Partial<Rows> {
  return {
    setDeliveryState: async (id, state) => void (state === forgotten || (await rows.setDeliveryState(id, state))),
  };
}

// The index would stop most faults before the invariant could see them.
function dropSecondNet({ database }: World): void {
  const db = new Database(database);
  db.exec("drop index one_live_voucher");
  db.close();
}

import { Refusal } from "@doorproof/voucher";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rows } from "../src/store/store.ts";
import { Broken, dispatchProperty, play, sequences } from "./dispatch-property.contract.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { withStore } from "./world.ts";

dispatchProperty("memory", makeMemoryWorld, 25);

/** Each forgets one thing that keeps the property. */
const FAULTS: Record<string, (rows: Rows) => Partial<Rows>> = {
  "does not know what others hold": () => ({ carriedElsewhere: async () => [] }),
  "does not write down what went out": () => ({ putCarries: async () => undefined }),
  "takes what was sent for what arrived": (rows) => ({
    setDevice: (id, change) =>
      rows.setDevice(id, {
        ...change,
        ...(change.servedVersion === undefined ? {} : { heldVersion: change.servedVersion }),
      }),
  }),
  "forgets the version": (rows) => ({
    findRoute: async (name) => {
      const found = await rows.findRoute(name);
      return found && { ...found, version: 0 };
    },
  }),
  "forgets what is sealed": (rows) => ({
    insertSeal: async (made) => {
      await rows.insertSeal(made);
      return true;
    },
    vouchersToSeal: async ({ now, limit }) => rows.listVouchers({ now, limit, status: "live" }),
  }),
};

describe("is not a property that any store has: found is a store that", () => {
  test.each(Object.entries(FAULTS))("%s", async (_, fault) => {
    const world = await makeMemoryWorld();
    const deps = withStore(world.deps, (store) => ({
      ...fault(store),
      transaction: (work) => store.transaction((rows) => work({ ...rows, ...fault(rows) })),
    }));
    let run = 0;
    const found = await fc.check(
      fc.asyncProperty(sequences, (sequence) => play(world, deps, sequence, `${run++}`)),
      { numRuns: 200, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
    // By the model, or by a phone that is offered a version which does not follow its own: whichever comes first.
    const error = found.errorInstance;
    expect(error instanceof Broken || Refusal.is(error, "older-document")).toBe(true);
  });
});

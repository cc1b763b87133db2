import { expect, test } from "vitest";
import type { Rows } from "../src/store/store.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { personalDataContract, RULES } from "./personal-data.contract.ts";
import { DAY, withStore } from "./world.ts";

personalDataContract("the store in memory", () => makeMemoryWorld());

/** Each forgets too little, too early or too much. */
const FAULTS: Record<string, (rows: Rows) => Partial<Rows>> = {
  "forgets no number": () => ({ forgetPhone: async () => undefined }),
  "finds no number by its age": () => ({ deliveriesWithPhone: async () => [] }),
  "forgets numbers a day early": (rows) => ({
    deliveriesWithPhone: async (query) =>
      (await rows.deliveriesWithPhone(query)).map((one) => ({ ...one, endedAt: one.endedAt - DAY })),
  }),
  "forgets no reason": () => ({ forgetNotes: async () => 0 }),
  "forgets reasons a day early": (rows) => ({
    forgetNotes: ({ before, limit }) => rows.forgetNotes({ before: before + DAY, limit }),
  }),
  "forgets no name": () => ({ forgetNames: async () => 0 }),
  "forgets names a day early": (rows) => ({
    forgetNames: ({ before, limit }) => rows.forgetNames({ before: before + DAY, limit }),
  }),
  "erases nothing": () => ({ buryDelivery: async () => undefined }),
  "erases under its own name": (rows) => ({
    buryDelivery: ({ id, tombstone }) => rows.buryDelivery({ id, tombstone: `${tombstone} ${id}` }),
  }),
  "tells no act of what is erased": (rows) => ({
    listEvents: async (query) =>
      (await rows.listEvents(query)).filter(({ deliveryId }) => !deliveryId?.startsWith("erased-")),
  }),
};

test.each(Object.entries(FAULTS))("the rules find a store that %s", async (_, fault) => {
  const makeWorld = async () => {
    const world = await makeMemoryWorld();
    const deps = withStore(world.deps, (store) => ({
      ...fault(store),
      transaction: (work) => store.transaction((rows) => work({ ...rows, ...fault(rows) })),
    }));
    return { ...world, deps };
  };
  const broken: string[] = [];
  for (const [name, rule] of Object.entries(RULES)) await rule(makeWorld).catch(() => broken.push(name));
  expect(broken).not.toEqual([]);
});

import { describe, expect, onTestFinished, test } from "vitest";
import { openMemory } from "../src/store/memory.ts";
import type { Rows, Store } from "../src/store/store.ts";
import { storeContract, storeRules } from "./store.contract.ts";
import { dispatchContract, dispatchRules } from "./store-dispatch.contract.ts";

storeContract("memory", open);
dispatchContract("memory", open);

async function open(): Promise<Store> {
  const store = openMemory();
  onTestFinished(() => store.close());
  return store;
}

/** Each forgets one thing that the contract asks for; the same verbs alone and inside a transaction. */
const WRONG: Record<string, { change: (store: Store) => Store; breaks: string }> = {
  "lets every acceptance in": {
    change: (store) => withRows(store, () => ({ insertAcceptance: async () => true })),
    breaks: "an acceptance is unique by voucher and by delivery",
  },
  "keeps what a broken transaction wrote": {
    change: (store) => ({ ...store, transaction: (work) => work(store) }),
    breaks: "or not at all",
  },
  "lets writers in at once": {
    change: (store) => ({ ...store, transaction: (work) => work(store) }),
    breaks: "what a transaction read is still so when it writes",
  },
  "answers a record twice": {
    change: (store) =>
      withRows(store, (rows) => ({ insertRedemption: async (row) => (await rows.insertRedemption(row)) || true })),
    breaks: "a record is answered once a reporter",
  },
  "gives one message to two workers": {
    change: (store) => withRows(store, (rows) => ({ leaseSms: ({ now }) => rows.leaseSms({ now, until: now }) })),
    breaks: "a message is leased by one, by the time it was due, until the lease is over",
  },
  "hands out an enrolment again": {
    change: (store) =>
      withRows(store, (rows) => ({
        takeEnrolment: async (query) => {
          const taken = await rows.takeEnrolment(query);
          if (taken) await rows.insertEnrolment(taken);
          return taken;
        },
      })),
    breaks: "an enrolment is taken once, and not when it is over",
  },
  "forgets that an API key was revoked": {
    change: (store) =>
      withRows(store, (rows) => ({
        setApiKey: (id, { revokedAt: _, ...change }) => rows.setApiKey(id, change),
      })),
    breaks: "API keys are found by their token, listed, and changed in what may change",
  },
  "takes no delivery back from a courier": {
    change: (store) =>
      withRows(store, (rows) => ({
        setDeliveryCourier: async (id, courier) => {
          if (courier !== null) await rows.setDeliveryCourier(id, courier);
        },
      })),
    breaks: "a delivery is handed to one courier, to the next, or to nobody",
  },
  "takes every voucher for carried": {
    change: (store) => withRows(store, () => ({ wasCarried: async () => true })),
    breaks: "what a route's devices carried is the route's, whichever of them it was, and no other's",
  },
  "does not know what others hold": {
    change: (store) => withRows(store, () => ({ carriedElsewhere: async () => [] })),
    breaks: "carried elsewhere: by another route's device, in a manifest that holds, unless it has a later one",
  },
};

describe("the contract is not one that any store keeps: found is a store that", () => {
  test.each(Object.entries(WRONG))("%s", async (_, { change, breaks }) => {
    const openWrong = async () => change(await open());
    const rules = [...storeRules(openWrong), ...dispatchRules(openWrong)];
    const broken = rules.find(({ rule }) => rule === breaks);
    await expect(broken?.run()).rejects.toThrow();
  });
});

test("what a transaction leaves behind cannot be used after it", async () => {
  const store = await open();
  const rows = await store.transaction(async (inside) => inside);
  await expect(rows.findDelivery("D")).rejects.toThrow(/over/);
});

test("nobody sees what is not committed", async () => {
  const store = await open();
  const seen = store.transaction(async (rows) => {
    await rows.insertRoute({
      name: "north",
      callingCode: "44",
      version: 0,
      issuedAt: 0,
      expiresAt: 0,
      contentMac: null,
    });
    const outside = store.findRoute("north").then((found) => found?.version);
    await rows.setRoute("north", { version: 7 });
    return { outside };
  });
  expect(await (await seen).outside).toBe(7);
});

function withRows(store: Store, change: (rows: Rows) => Partial<Rows>): Store {
  return {
    ...store,
    ...change(store),
    transaction: (work) => store.transaction((rows) => work({ ...rows, ...change(rows) })),
  };
}

import { onTestFinished } from "vitest";
import { openMemory } from "../src/store/memory.ts";
import { storeContract } from "./store.contract.ts";
import { dispatchContract } from "./store-dispatch.contract.ts";

storeContract("memory", open);
dispatchContract("memory", open);

async function open() {
  const store = openMemory();
  onTestFinished(() => store.close());
  return store;
}

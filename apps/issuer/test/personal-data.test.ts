import { makeMemoryWorld } from "./memory-world.ts";
import { personalDataContract } from "./personal-data.contract.ts";

personalDataContract("the store in memory", () => makeMemoryWorld());

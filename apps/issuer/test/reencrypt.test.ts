import { makeMemoryWorld } from "./memory-world.ts";
import { reencryptContract } from "./reencrypt.contract.ts";

reencryptContract("the store in memory", () => makeMemoryWorld());

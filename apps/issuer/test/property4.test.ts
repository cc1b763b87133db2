import { makeMemoryWorld } from "./memory-world.ts";
import { property4 } from "./property4.contract.ts";

property4("memory", makeMemoryWorld, 200);

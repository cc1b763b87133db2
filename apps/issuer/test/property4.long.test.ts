import { makeMemoryWorld } from "./memory-world.ts";
import { property4 } from "./property4.contract.ts";
import { makeWorld } from "./sqlite-world.ts";

property4("SQLite", makeWorld, 1000);
property4("memory", makeMemoryWorld, 1000);

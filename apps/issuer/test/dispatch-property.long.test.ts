import { dispatchProperty } from "./dispatch-property.contract.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { makeWorld } from "./sqlite-world.ts";

dispatchProperty("SQLite", makeWorld, 100);
dispatchProperty("memory", makeMemoryWorld, 100);

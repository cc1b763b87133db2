import { dispatchProperty } from "./dispatch-property.contract.ts";
import { makeWorld } from "./sqlite-world.ts";

dispatchProperty("SQLite", makeWorld);

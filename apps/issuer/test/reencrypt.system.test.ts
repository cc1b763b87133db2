import { reencryptContract } from "./reencrypt.contract.ts";
import { makeWorld } from "./sqlite-world.ts";

reencryptContract("SQLite", () => makeWorld());

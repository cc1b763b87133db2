import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openDeps } from "../src/compose.ts";
import { readConfig } from "../src/config.ts";
import type { Policy } from "../src/domain/ports.ts";
import { initKeyFolder } from "../src/keys/init.ts";
import { environmentOf } from "./environment.ts";
import type { MemoryWorld } from "./memory-world.ts";
import { makeFolder, seededRandom, T0 } from "./world.ts";

/** An issuer with real keys and a real database in a folder of its own; its clock stands until a test moves it. */
export interface World extends MemoryWorld {
  readonly folder: string;
  readonly database: string;
}

export async function makeWorld({
  seed = "world",
  policy = {},
}: {
  seed?: string;
  policy?: Partial<Policy>;
} = {}): Promise<World> {
  const folder = makeFolder();
  const clock = { now: T0 };
  const random = seededRandom(seed);
  const keys = { folder: join(folder, "keys"), rootFolder: join(folder, "keys", "private") };
  await initKeyFolder(keys, { issuer: "Parcel Co", now: T0, random });
  const opened = await openDeps(readConfig(environmentOf(folder)), {
    now: () => clock.now,
    // Time passes as a test moves the clock: nobody sets it.
    uptime: () => clock.now - T0,
    random,
  });
  onTestFinished(() => opened.store.close());
  const deps = { ...opened, policy: { ...opened.policy, ...policy } };
  return { folder, database: join(folder, "data", "doorproof.sqlite"), deps, clock };
}

import { createServer } from "node:net";
import { expect, test, vi } from "vitest";
import { PATIENCE } from "../../../tools/patience.ts";
import { createLogger } from "../src/logger.ts";
import { serve } from "../src/server.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { statesOf } from "./dispatch-world.ts";
import { environmentOf } from "./environment.ts";
import { makeWorld } from "./sqlite-world.ts";
import { BACK_OFFICE, issueOne, order } from "./world.ts";

const STOPS = 40;

async function aPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

test("a running issuer seals behind what another process put on a route; stopped in the middle, it goes on where it was", async () => {
  const { deps, folder, database } = await makeWorld();
  for (let index = 0; index < STOPS; index++)
    await issueOne(deps, order(`D${index}`, { route: "north", sms: false }), BACK_OFFICE);
  const sealed = async () => (await statesOf(deps, "north")).filter((state) => state.endsWith(" on")).length;
  const start = async () => {
    const port = await aPort();
    const environment = { ...environmentOf(folder), PUBLIC_URL: `http://localhost:${port}`, PORT: String(port) };
    const { now, random } = deps;
    const uptime = () => 0;
    return serve({ environment, now, uptime, random, timeZone: "UTC" }, () =>
      createLogger({ level: "silent", destination: { write: () => undefined } }),
    );
  };

  const first = await start();
  await vi.waitFor(async () => expect(await sealed()).toBeGreaterThan(2), { timeout: PATIENCE, interval: 5 });
  await first.close();
  const before = await sealed();
  expect(before).toBeLessThan(STOPS);
  const seals = async () => {
    const store = await openSqlite(database);
    const found = (await store.vouchersOfRoute("north")).flatMap(({ salt }) => salt ?? []);
    await store.close();
    return found;
  };
  const kept = await seals();
  expect(kept).toHaveLength(before);

  const second = await start();
  await vi.waitFor(async () => expect(await sealed()).toBe(STOPS), { timeout: PATIENCE, interval: 50 });
  await second.close();
  expect(await seals()).toEqual(expect.arrayContaining(kept));
});

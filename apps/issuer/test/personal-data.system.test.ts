import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { logGateway } from "../src/gateways/log.ts";
import { personalDataContract } from "./personal-data.contract.ts";
import { makeWorld } from "./sqlite-world.ts";
import { sendAll } from "./world.ts";

personalDataContract("SQLite", () => makeWorld());

test("a trial's outbox forgets as well, and keeps the rest", async () => {
  const { deps, folder } = await makeWorld();
  const gateway = logGateway(join(folder, "outbox.ndjson"), deps);
  await gateway.send({ id: "1", to: "+447700900001", text: "one" });
  await gateway.send({ id: "2", to: "+447700900002", text: "two" });
  await gateway.forget(({ id }) => id === "1");
  expect((await gateway.read()).map(({ id }) => id)).toEqual(["2"]);
  expect(readFileSync(join(folder, "outbox.ndjson"), "utf8")).not.toContain("+447700900001");
  expect(await sendAll(deps, gateway)).toEqual({ sent: 0, failed: 0 });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { makeWorld, type World } from "./sqlite-world.ts";
import { dramaNumber, listeningGateway, sendAll } from "./world.ts";

const ROWS = Array.from(
  { length: 1000 },
  (_, index) => `ORDER-${String(index).padStart(5, "0")},${dramaNumber(index)}\n`,
);

// A real process, killed by the kernel in the midst of its work, and run again.
test.each([0, 1, 500, 999])(
  "an import killed after %i rows and run again: each delivery once, one message each",
  async (killAfter) => {
    const world = await makeWorld();
    const killed = await runImport(world, { killAfter });
    expect(killed.signal).toBe("SIGKILL");
    expect(killed.told).toHaveLength(killAfter);
    // What was told is durable.
    const kept = count(world, "deliveries");
    expect(kept).toBeGreaterThanOrEqual(killAfter);

    const whole = await runImport(world, {});
    expect(whole.told).toHaveLength(1000);
    expect(whole.told.filter((status) => status === "existing")).toHaveLength(kept);
    expect(whole.told.filter((status) => status === "faulty")).toEqual([]);
    expect([count(world, "deliveries"), count(world, "vouchers"), count(world, "sms")]).toEqual([1000, 1000, 1000]);
    const gateway = listeningGateway();
    expect(await sendAll(world.deps, gateway)).toEqual({ sent: 1000, failed: 0 });
    expect(new Set(gateway.received.map(({ to }) => to)).size).toBe(1000);
  },
);

async function runImport(
  world: World,
  { killAfter }: { killAfter?: number },
): Promise<{ told: string[]; signal: NodeJS.Signals | null }> {
  const child = spawn(process.execPath, [new URL("./importer.ts", import.meta.url).pathname, world.folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exit = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  // The rest is on its way when the blow falls, and the input stays open, so that the process cannot have ended by
  // itself.
  child.stdin.on("error", () => undefined);
  child.stdin.write(`deliveryId,phone\n${ROWS.join("")}`);
  if (killAfter === undefined) child.stdin.end();
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== "ready") told.push(line);
    if (told.length !== killAfter) continue;
    child.kill("SIGKILL");
    break;
  }
  const [, signal] = await exit;
  return { told, signal };
}

function count({ database }: World, table: string): number {
  const db = new Database(database, { readonly: true });
  const found = db.prepare(`select count(*) from ${table}`).pluck().get();
  db.close();
  return Number(found);
}

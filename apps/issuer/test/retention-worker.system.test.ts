import { expect, onTestFinished, test, vi } from "vitest";
import { PATIENCE } from "../../../tools/patience.ts";
import { createLogger } from "../src/logger.ts";
import { serve } from "../src/server.ts";
import { environmentOf } from "./environment.ts";
import { aPort } from "./issuer-process.ts";
import { play } from "./personal-data.contract.ts";
import { makeWorld } from "./sqlite-world.ts";
import { DAY, HOUR, seededRandom, T0 } from "./world.ts";

test("a running issuer forgets once an hour: numbers and labels at their time, names at theirs, and no hour before", async () => {
  const { deps, clock, folder } = await play(await makeWorld());
  const end = clock.now;
  const nextRun = keepHourlyTimers();
  const port = await aPort();
  const settings = { PUBLIC_URL: `http://localhost:${port}`, PORT: `${port}`, SMS_GATEWAY: "none" };
  const retention = { RETAIN_PHONE_DAYS: "3", RETAIN_NAMES_DAYS: "5" };
  const lines: string[] = [];
  const serving = await serve(
    {
      environment: { ...environmentOf(folder), ...settings, ...retention },
      now: () => clock.now,
      uptime: () => clock.now - T0,
      random: seededRandom("server"),
      timeZone: "UTC",
    },
    () => createLogger({ level: "error", destination: { write: (line) => void lines.push(line) } }),
  );
  onTestFinished(() => serving.close());

  const kept = async () => {
    const delivery = await deps.store.findDelivery("taken");
    const [redemption] = await deps.store.listRedemptions({ limit: 1 });
    return [delivery?.sealedPhone, delivery?.sealedLabel, redemption?.sealedName].map((field) => field !== null);
  };
  // The first run is the start's own.
  let run = await nextRun();
  for (const [passed, expected] of [
    [3 * DAY - HOUR, [true, true, true]],
    [3 * DAY + 1, [false, false, true]],
    [5 * DAY - HOUR, [false, false, true]],
    [5 * DAY + 1, [false, false, false]],
  ] as const) {
    clock.now = end + passed;
    run();
    run = await nextRun();
    expect([passed, ...(await kept())]).toEqual([passed, ...expected]);
  }
  expect(lines).toEqual([]);
});

/**
 * Keeps what waits for an hour, and lets all shorter timers run.
 * @returns waits for the next of them: by then the run before it is over
 */
function keepHourlyTimers(): () => Promise<() => void> {
  const kept: (() => void)[] = [];
  const real = globalThis.setTimeout;
  const fake = (run: () => void, pause?: number) => {
    if (pause !== HOUR * 1000) return real(run, pause);
    kept.push(run);
    return undefined;
  };
  vi.stubGlobal("setTimeout", fake);
  onTestFinished(() => void vi.unstubAllGlobals());
  return () => vi.waitUntil(() => kept.shift(), { timeout: PATIENCE, interval: 20 });
}

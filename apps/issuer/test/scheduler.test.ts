import { expect, onTestFinished, test, vi } from "vitest";
import { PATIENCE } from "../../../tools/patience.ts";
import { createLogger } from "../src/logger.ts";
import { startWorker } from "../src/scheduler.ts";

test("a round that fails is logged, and the next one comes", async () => {
  const { log, lines } = listen();
  let runs = 0;
  const worker = startWorker("outbox", {
    pause: 1,
    log,
    work: async () => {
      if (++runs === 1) throw new Error("gateway away");
    },
  });
  onTestFinished(() => worker.stop());
  await vi.waitFor(() => expect(runs).toBeGreaterThan(2), { timeout: PATIENCE });
  expect(lines.join("")).toContain("gateway away");
});

test("runs never overlap; stopping waits for the one under way and begins no other", async () => {
  const { log } = listen();
  let begun = 0;
  let ended = 0;
  let finish: () => void = () => {};
  const work = async () => {
    begun++;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    ended++;
  };
  const worker = startWorker("outbox", { pause: 0, log, work });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([begun, ended]).toEqual([1, 0]);
  let isStopped = false;
  const stopped = worker.stop().then(() => {
    isStopped = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isStopped).toBe(false);
  finish();
  await stopped;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([begun, ended]).toEqual([1, 1]);
});

function listen() {
  const lines: string[] = [];
  return { lines, log: createLogger({ level: "info", destination: { write: (line) => void lines.push(line) } }) };
}

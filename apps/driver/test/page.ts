import type { Day } from "../src/day.ts";
import { openKdf } from "../src/kdf.ts";
import { type Ledger, openLedger } from "../src/ledger.ts";
import { startDay } from "../src/start-day.ts";

// The day in a real page, with the real IndexedDB, worker and network, and a clock that the test turns. Screens are another matter.

export interface Stage {
  day: Day;
  now: number;
  /** Another connection to the same ledger. */
  ledger(): Promise<Ledger>;
  start(): Promise<void>;
  /** Lets so much time pass, for clock, ticks and timers. */
  advance(ms: number): Promise<void>;
  /** Every signal, as it stands. */
  seen(): Record<string, unknown>;
  /** How long `work` took, and the longest that the page stood still meanwhile, in milliseconds. */
  pulse(work: () => Promise<unknown>): Promise<{ took: number; stall: number }>;
  fill(entries: number): Promise<void>;
}

const query = new URLSearchParams(location.search);
const timers = new Set<{ at: number; run: () => void }>();
let ticks = 0;

const stage: Stage = {
  day: undefined as unknown as Day,
  now: Number(query.get("now")),
  ledger: () => openLedger(query.get("db") ?? "doorproof"),
  start: async () => {
    stage.day = startDay({
      ledgerName: query.get("db") ?? "doorproof",
      openLedger: () => openLedger(query.get("db") ?? "doorproof"),
      now: () => stage.now,
      ticks: () => ticks,
      uuid: () => crypto.randomUUID(),
      fetch: (...asked) => fetch(...asked),
      base: `${location.origin}/`,
      scrypt: openKdf(),
      locks: navigator.locks,
      persist: async () => navigator.storage.persist(),
      after: (ms, run) => {
        const timer = { at: ticks + ms, run };
        timers.add(timer);
        return () => timers.delete(timer);
      },
      on: (event, run) => addEventListener(`stage-${event}`, run),
      visible: () => true,
      version: "test",
    });
    while (stage.day.phase.value === "starting") await new Promise((resolve) => setTimeout(resolve, 1));
  },
  advance: async (ms) => {
    ticks += ms;
    stage.now += Math.round(ms / 1000);
    for (const timer of [...timers]) {
      if (timer.at > ticks) continue;
      timers.delete(timer);
      timer.run();
    }
  },
  seen: () => {
    const { phase, owner, identity, stops, open, readiness, outcome, pause, log, trouble } = stage.day;
    const signals = { phase, owner, identity, stops, open, readiness, outcome, pause, log, trouble };
    return Object.fromEntries(Object.entries(signals).map(([name, { value }]) => [name, value]));
  },
  pulse: async (work) => {
    let stall = 0;
    const began = performance.now();
    let last = began;
    const channel = new MessageChannel();
    const beat = () => {
      const at = performance.now();
      stall = Math.max(stall, at - last);
      last = at;
      channel.port2.postMessage(null);
    };
    channel.port1.onmessage = beat;
    beat();
    await work();
    beat();
    channel.port1.close();
    return { took: last - began, stall };
  },
  fill: async (entries) => {
    const ledger = await stage.ledger();
    for (let i = 0; i < entries; i++) {
      const id = crypto.randomUUID();
      const stamp = { id, issuer: "acme", label: null, at: stage.now, writtenAt: stage.now - 60 };
      await ledger.write({
        ...stamp,
        kind: "attempt",
        deliveryId: `FILL-${i}`,
        reason: "no-answer",
        note: "x".repeat(500),
      });
    }
    ledger.close();
  },
};

Object.assign(globalThis, { stage });
if (query.has("start")) await stage.start();
document.title = "ready";

import { type ReadonlySignal, signal } from "@preact/signals";
import { type Memory, remember } from "../ledger/memory.ts";
import { becomeOwner } from "../ledger/owner.ts";
import type { SyncSchedule } from "../sync/schedule.ts";
import type { Deps } from "./deps.ts";
import type { Time } from "./time.ts";

export interface Running {
  readonly memory: Memory;
  readonly schedule: SyncSchedule;
}

/** What lies behind the day: the open ledger, the right to write to it, and the syncs. */
export interface DeviceRun {
  /** Null: not yet. */
  readonly running: ReadonlySignal<Running | null>;
  /** The ledger could not be opened. */
  readonly broken: ReadonlySignal<boolean>;
  readonly owner: ReadonlySignal<boolean>;
  readonly persisted: ReadonlySignal<boolean | null>;
  /** Waits for the start. Null: it failed, or has been stopped again. */
  started(): Promise<Running | null>;
  /** @param acts what is still being written */
  stop(acts: () => Promise<unknown>): Promise<void>;
}

/** Opens the ledger, takes the lock, syncs, and keeps on syncing. */
export function runDevice(deps: Deps, time: Time): DeviceRun {
  const running = signal<Running | null>(null);
  const broken = signal(false);
  const owner = signal(true);
  const persisted = signal<boolean | null>(null);
  let release = () => {};
  let stopped = false;
  const start = begin();

  return {
    running,
    broken,
    owner,
    persisted,
    started: async () => {
      await start;
      return stopped ? null : running.value;
    },
    stop: async (acts) => {
      stopped = true;
      time.stop();
      await start;
      await acts();
      running.value?.memory.ledger.close();
      release();
    },
  };

  async function begin(): Promise<void> {
    try {
      const memory = await remember(await deps.openLedger());
      const lock = await becomeOwner(deps, () => void takeOver(memory));
      release = lock.release;
      owner.value = lock.owner;
      running.value = { memory, schedule: deps.sync(memory) };
    } catch {
      broken.value = true;
      return;
    }
    deps.on("online", () => void lookAgain());
    deps.on("visible", () => void lookAgain());
    time.start(() => void lookAgain());
    void deps.persist().then(
      (answer) => {
        persisted.value = answer;
      },
      () => {}, // Private windows throw on the question itself.
    );
    if (owner.value) void running.value.schedule.syncNow({ dead: true });
  }

  // The other tab was closed: read what it wrote before anything is judged.
  async function takeOver(memory: Memory): Promise<void> {
    await memory.reload();
    owner.value = true;
    await lookAgain();
  }

  // The network or the page is back, or a minute has passed. A tab that only shows reads what the other one wrote.
  async function lookAgain(): Promise<void> {
    const run = running.value;
    if (!run || stopped) return;
    time.look();
    if (owner.value) await run.schedule.syncNow({ dead: false });
    else await run.memory.reload().catch(() => {});
  }
}

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Trouble } from "./day.ts";
import type { DeviceRun, Running } from "./run-device.ts";
import type { Time } from "./time.ts";

/**
 * One act after the other: two scans at once would be judged by the same memory, and the second would fail only when it
 * is written.
 */
export interface Turns {
  readonly working: ReadonlySignal<boolean>;
  /** Does nothing in a tab that may not write. */
  inTurn(act: (run: Running) => Promise<void>): Promise<void>;
  /** Ends when the last act has ended. */
  ended(): Promise<unknown>;
}

export function takeTurns({ started, owner }: DeviceRun, time: Time, trouble: Signal<Trouble | null>): Turns {
  const acting = signal(0);
  let last: Promise<unknown> = Promise.resolve();
  return {
    working: computed(() => acting.value > 0),
    inTurn: async (act) => {
      const run = await started();
      if (!run) return;
      if (!owner.value) {
        trouble.value = "not-owner";
        return;
      }
      const { memory, schedule } = run;
      const lastNumber = () => memory.state.value.contents.device.seq;
      acting.value++;
      const before = lastNumber();
      const mine = last.then(() => act(run));
      last = mine.catch(() => {});
      try {
        await mine;
      } finally {
        acting.value--;
        time.look();
        if (lastNumber() !== before) schedule.syncSoon();
      }
    },
    ended: () => last,
  };
}

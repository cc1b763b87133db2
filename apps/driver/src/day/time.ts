import { type ReadonlySignal, signal } from "@preact/signals";
import type { Deps } from "./deps.ts";

const MINUTE = 60_000;
const SECOND = 1000;

/** The time as signals, for ages on the screens: a signal changes only when it is set. Seconds since 1970. */
export interface Time {
  /** For lists, which are drawn again as a whole. */
  readonly minute: ReadonlySignal<number>;
  /** For pauses. */
  readonly second: ReadonlySignal<number>;
  /** Sets both to the present time, after something happened. */
  look(): void;
  start(everyMinute: () => void): void;
  stop(): void;
}

export function keepTime({ now, after, visible }: Pick<Deps, "now" | "after" | "visible">): Time {
  const minute = signal(now());
  const second = signal(now());
  let cancel = () => {};
  return {
    minute,
    second,
    look: () => {
      minute.value = second.value = now();
    },
    start: (everyMinute) => tick(everyMinute, 0),
    stop: () => cancel(),
  };

  function tick(everyMinute: () => void, sinceMinute: number): void {
    second.value = now();
    const due = sinceMinute >= MINUTE;
    if (due) minute.value = now();
    if (due && visible()) everyMinute();
    cancel = after(SECOND, () => tick(everyMinute, due ? 0 : sinceMinute + SECOND));
  }
}

import type { Judged } from "./batch.ts";
import type { World } from "./context.ts";
import { EXIT, type ExitCode, worst } from "./exit.ts";

/** What many verdicts come to: prints them in the order in which they were asked for, and counts. */
export interface Total {
  /** @returns when these, and all before them, are printed */
  add(judged: Judged | Promise<Judged>): Promise<void>;
  count(): number;
  exit(): ExitCode;
  /** Says the sum to whoever started it. */
  tell(): void;
}

export function openTotal({ terminal, now }: Pick<World, "terminal" | "now">): Total {
  const began = now();
  const counts = new Map<string, number>();
  let exit: ExitCode = EXIT.done;
  let printed = Promise.resolve();
  let shown = began;
  const count = () => [...counts.values()].reduce((sum, part) => sum + part, 0);
  const pace = () => {
    const seconds = now() - began;
    return seconds < 1 ? "" : ` in ${seconds} s, ${format(count() / seconds)} a second`;
  };

  return {
    add(judged) {
      // Asked for at once and printed in turn: what comes back early waits for those before it.
      printed = Promise.all([judged, printed]).then(async ([{ text, counts: more, exit: end }]) => {
        await terminal.print(text);
        for (const [code, part] of more) counts.set(code, (counts.get(code) ?? 0) + part);
        exit = worst(exit, end);
        if (now() === shown) return;
        shown = now();
        terminal.progress(`${format(count())} vouchers${pace()}`);
      });
      // Whoever waits for it is told; one that nobody waits for any more must not end the process.
      printed.catch(() => {});
      return printed;
    },
    count,
    exit: () => exit,
    tell() {
      const parts = [...counts].sort(([, a], [, b]) => b - a).map(([code, part]) => `${format(part)} ${code}`);
      terminal.say(`${format(count())} vouchers${pace()}: ${parts.join(", ")}`);
    },
  };
}

function format(count: number): string {
  return Math.round(count).toLocaleString("en");
}

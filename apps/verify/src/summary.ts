import type { BatchResult } from "./batch.ts";
import type { CliContext } from "./context.ts";
import { EXIT, type ExitCode, worst } from "./exit.ts";

/** What many verdicts come to: prints them in the order in which they were added, and counts. */
export interface Summary {
  /** @returns when these, and all before them, are printed */
  add(result: BatchResult | Promise<BatchResult>): Promise<void>;
  count(): number;
  exit(): ExitCode;
  /** The sum, on stderr. */
  report(): void;
}

export function openSummary({ terminal, now }: Pick<CliContext, "terminal" | "now">): Summary {
  const began = now();
  const counts = new Map<string, number>();
  let exit: ExitCode = EXIT.done;
  let printed = Promise.resolve();
  let shown = began;
  const count = () => [...counts.values()].reduce((sum, number) => sum + number, 0);
  const pace = () => {
    const seconds = now() - began;
    return seconds < 1 ? "" : ` in ${seconds} s, ${format(count() / seconds)} a second`;
  };

  return {
    add(result) {
      // Printed in the order of adding: a result that is ready early waits for those before it.
      printed = Promise.all([result, printed]).then(async ([{ text, counts: more, exit: end }]) => {
        await terminal.print(text);
        for (const [code, number] of more) counts.set(code, (counts.get(code) ?? 0) + number);
        exit = worst(exit, end);
        if (now() === shown) return;
        shown = now();
        terminal.progress(`${format(count())} vouchers${pace()}`);
      });
      // Callers that wait get the error. Without this, one that nobody waits for any more would end the process.
      printed.catch(() => {});
      return printed;
    },
    count,
    exit: () => exit,
    report() {
      const parts = [...counts].sort(([, a], [, b]) => b - a).map(([code, number]) => `${format(number)} ${code}`);
      terminal.say(`${format(count())} vouchers${pace()}: ${parts.join(", ")}`);
    },
  };
}

function format(count: number): string {
  return Math.round(count).toLocaleString("en");
}

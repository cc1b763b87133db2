import type { ExitCode } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** All that a verb knows of its surroundings; main.ts fills it. */
export interface CliContext {
  /** The command that was typed, as help and hints name it: `doorproof-verify`, or `doorproof`. */
  readonly program: string;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** How many threads may compute at once. */
  readonly threads: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  /** Standard input. */
  readonly input: AsyncIterable<Buffer>;
  readonly inputIsTerminal: boolean;
  /** What the process will end with if nothing worse happens; without a word from a verb it is 0. */
  readonly exit: (code: ExitCode) => void;
}

import { EXIT, type ExitCode } from "./exit.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

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

/** What a program's main.ts reads of the machine. */
export interface Machine {
  readonly now: () => number;
  readonly threads: number;
  readonly streams: Pick<NodeJS.Process, "stdin" | "stdout" | "stderr">;
  readonly environment: NodeJS.ProcessEnv;
  /** What the process will end with. Not process.exit, which drops output that is not written yet. */
  readonly exit: (code: ExitCode) => void;
  /** Ends the process now. */
  readonly die: (code: ExitCode) => void;
}

/** @param program the command that was typed */
export function contextOf(program: string, { streams, die, ...machine }: Machine): CliContext {
  const { stdin, stdout, stderr } = streams;
  // The reader has gone (`| head`), so there is nobody to tell. Not 0, because the output is incomplete.
  stdout.on("error", () => die(EXIT.inputOutput));
  return {
    ...machine,
    program,
    terminal: openTerminal({ program, stdout, stderr, environment: machine.environment }),
    input: stdin,
    inputIsTerminal: stdin.isTTY === true,
  };
}

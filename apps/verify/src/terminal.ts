import { once } from "node:events";
import type { Writable } from "node:stream";
import { styleText } from "node:util";

// How a command talks to a terminal.
//
//  - What was asked for goes to stdout and nothing else does; with --json one object a line.
//  - Talk goes to stderr, each line behind the command's name, in small letters, no full stop.
//  - An error names the thing and what was expected; what to do stands on a line of its own, behind "hint: ".
//  - Colour is never the only sign, and is absent where the stream is no terminal or NO_COLOR is set.
//  - Bytes that nobody has verified never reach a terminal raw: they could be its control sequences.
//  - Characters that turn the direction of text (Unicode's Bidi_Control) reach none, whoever wrote them: they are printed
//    as \u202e, which in a line of JSON is the same text.
//  - A long job says how far it is on one line that is written over, and only to a terminal that shows nothing else.
//  - Nothing is asked. What is missing is a usage error, so that a script never hangs.

/** Where a command prints and talks. */
export interface Terminal {
  /** Data: a line to stdout. Waits while the reader is slower than we are. */
  print(line: string): Promise<void>;
  /** Data as bytes. */
  printBytes(bytes: Uint8Array): Promise<void>;
  /** Talk. */
  say(line: string): void;
  /** What to do, on a line of its own. */
  hint(line: string): void;
  /** How far a long job is. What is said next takes its place. */
  progress(line: string): void;
  /** What went wrong, and what to do about it. */
  fail(message: string, hint?: string): void;
  paint(colour: Colour, text: string): string;
  readonly isTerminal: boolean;
  /** Whether stdout may be coloured. */
  readonly hasColour: boolean;
  /** Columns of stdout, if it is a terminal. */
  readonly columns: number | undefined;
}

export type Colour = "green" | "red" | "yellow" | "dim";

interface Stream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** @param program the command that was typed; its name stands before all talk */
export function openTerminal({
  program,
  stdout,
  stderr,
  environment,
}: {
  program: string;
  stdout: Stream;
  stderr: Stream;
  environment: NodeJS.ProcessEnv;
}): Terminal {
  const isTerminal = stdout.isTTY === true;
  const hasColour = isTerminal && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
  const write = async (data: string | Uint8Array) => {
    if (!stdout.write(data)) await once(stdout, "drain");
  };
  // Where the data is printed to the same terminal, its lines show the progress.
  const showsProgress = stderr.isTTY === true && !isTerminal;
  let left = "";
  const say = (line: string) => {
    stderr.write(`${left}${escapeBidi(line).replace(/^/gm, `${program}: `)}\n`);
    left = "";
  };
  const hint = (line: string) => say(`hint: ${line}`);
  return {
    print: (line) => write(`${escapeBidi(line)}\n`),
    printBytes: write,
    say,
    hint,
    progress(line) {
      if (!showsProgress) return;
      left = CLEAR_LINE;
      stderr.write(`${CLEAR_LINE}${program}: ${escapeBidi(line)}`);
    },
    fail(message, advice) {
      say(message);
      if (advice !== undefined) hint(advice);
    },
    paint: painter({ hasColour }),
    isTerminal,
    hasColour,
    columns: stdout.columns,
  };
}

export function painter({ hasColour }: { hasColour: boolean }): Terminal["paint"] {
  return (colour, text) => (hasColour ? styleText(colour, text, { validateStream: false }) : text);
}

const CLEAR_LINE = "\r\u001b[K";

function escapeBidi(line: string): string {
  return line.replace(
    /\p{Bidi_Control}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Printable ASCII as it stands, all else as \xNN or \u{N}: for texts that nobody has verified. */
export function escapeText(text: string): string {
  return text.replace(/[^ -~]|\\/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return point < 256 ? `\\x${point.toString(16).padStart(2, "0")}` : `\\u{${point.toString(16)}}`;
  });
}

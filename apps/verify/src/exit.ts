import { explainRefusal, Refusal, type RefusalCode } from "@doorproof/voucher";
import { CommanderError } from "commander";

/** What a script may rely on; the same table stands in the help. */
export const EXIT = {
  /** Done, or valid. */
  done: 0,
  /** The voucher is not valid, or the answer to what was asked is no. */
  refused: 1,
  usage: 2,
  /** Nobody can say whether it is valid: no key, keys or list too old, clock behind. */
  undecided: 3,
  inputOutput: 4,
  /** EX_SOFTWARE of sysexits.h. */
  bug: 70,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a person can mend: the thing and what was expected of it; what to do stands in `hint`. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: ExitCode;
  readonly hint: string | undefined;

  constructor(kind: "refused" | "usage" | "undecided" | "inputOutput", message: string, hint?: string) {
    super(message);
    this.code = EXIT[kind];
    this.hint = hint;
  }
}

/** Codes that say nothing about the voucher, but that this reader cannot judge it. */
const UNDECIDED: ReadonlySet<RefusalCode> = new Set(["unknown-key", "stale-keys", "stale-revocations", "clock-behind"]);

export function exitOfRefusal(code: RefusalCode): ExitCode {
  return UNDECIDED.has(code) ? EXIT.undecided : EXIT.refused;
}

/** Of many verdicts: refused before undecided before valid, so that `doorproof verify - && open-gate` is safe. */
export function worst(a: ExitCode, b: ExitCode): ExitCode {
  if (a === EXIT.refused || b === EXIT.refused) return EXIT.refused;
  return a === EXIT.done ? b : a;
}

/**
 * Errors of classes that a program does not load until a verb needs them: by name, with what is said before their
 * message.
 */
export type KnownErrors = Readonly<Record<string, { readonly code: ExitCode; readonly about: string }>>;

/** Whatever was thrown, as an exit code and what to tell a person; no message where commander has spoken already. */
export function explain(
  error: unknown,
  { words, program, errors }: { words: readonly string[]; program: string; errors: KnownErrors },
): { code: ExitCode; message?: string; hint?: string | undefined } {
  if (error instanceof Failure) return { code: error.code, message: error.message, hint: error.hint };
  if (error instanceof Refusal)
    return { code: exitOfRefusal(error.code), message: `${error.code}: ${explainRefusal(error)}` };
  if (error instanceof CommanderError) return explainUsage(error, { words, program });
  if (isSystemError(error))
    return { code: EXIT.inputOutput, message: `${error.path ?? error.syscall}: ${reason(error)}` };
  const foreign = error instanceof Error ? errors[error.name] : undefined;
  if (error instanceof Error && foreign !== undefined)
    return { code: foreign.code, message: `${foreign.about}${error.message}` };
  return {
    code: EXIT.bug,
    message: `this is a bug: ${describe(error)}`,
    hint: "please report it with the command line, see CONTRIBUTING.md",
  };
}

function explainUsage(
  error: CommanderError,
  { words, program }: { words: readonly string[]; program: string },
): { code: ExitCode; message?: string; hint?: string } {
  if (error.exitCode === 0) return { code: EXIT.done };
  // Help without `--help` means that no verb was given: an error, so that a script does not go on.
  if (error.code === "commander.help") return { code: EXIT.usage };
  const [first = "", second] = error.message.replace(/^error: /, "").split("\n");
  const unquoted = error.code === "commander.excessArguments" && words.some((word) => word.startsWith("DP1:"));
  const hint = unquoted
    ? "a voucher has spaces and signs that shells read: put it in 'single quotes', or hand it in with -"
    : (second?.replace(/^\((.*)\)$/, "$1").toLowerCase() ??
      `${program} --help lists the commands, ${program} COMMAND --help what one takes`);
  return { code: EXIT.usage, message: first.replace(/\.$/, ""), hint };
}

/** As Node throws it. */
export interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

/** What Node says of files, streams and the network. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "code" in error && "syscall" in error && typeof error.syscall === "string";
}

function reason({ code, message }: SystemError): string {
  return REASONS[code] ?? message;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "is a folder",
  ENOTDIR: "a part of this path is not a folder",
  EEXIST: "is there already, and nothing is overwritten",
  ENOSPC: "no space left",
  EROFS: "the file system is read-only",
};

// No stack: it shows paths of this machine, and helps only those who work on the source.
function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.split("\n", 1).join() : String(error);
}

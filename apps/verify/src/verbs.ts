// What `doorproof` imports: it has these verbs under its own name, and adds the operator's. It may change with any
// release; programs use @doorproof/verifier.

import type { Verb } from "./command.ts";

export type { Declare, Verb } from "./command.ts";
export { type CliContext, contextOf } from "./context.ts";
export { EXIT, type ExitCode, explain, Failure, isSystemError, type KnownErrors } from "./exit.ts";
export { keyFolder } from "./key-folder.ts";
export {
  fetchKeys,
  fetchRevocations,
  keysFor,
  type PublishedKeys,
  readKeys,
  readRevocationList,
} from "./keys.ts";
export { readLines } from "./lines.ts";
export { readCallingCode } from "./phone.ts";
export { type Program, readVersion, runProgram } from "./program.ts";
export { printQr } from "./qr.ts";
export { isUrl } from "./sources.ts";
export { escapeText, type Terminal } from "./terminal.ts";
export { type Expiry, expiryTime, formatDuration, formatTime, readExpiry, toIso } from "./when.ts";

/**
 * The verbs that check and show, each loaded when it is asked for. None of them can sign: this package depends on
 * nothing that does.
 */
export const VERIFY_VERBS: Readonly<Record<"verify" | "inspect" | "expand" | "qr" | "open", Verb>> = {
  verify: { summary: "check vouchers offline, with public keys alone", load: () => import("./commands/verify.ts") },
  inspect: {
    summary: "show every field and byte of a voucher, trusting nothing",
    load: () => import("./commands/inspect.ts"),
  },
  expand: {
    summary: "print the COSE_Sign1 that a voucher abbreviates, in hex",
    load: () => import("./commands/expand.ts"),
  },
  qr: { summary: "draw a voucher's QR in the terminal or into a file", load: () => import("./commands/qr.ts") },
  open: { summary: "open one stop of a manifest with its short code", load: () => import("./commands/open.ts") },
};

/** How a program's help ends. */
export const EXIT_CODES: string = `
Data goes to stdout, talk to stderr; --json prints one object a line; - reads standard input.

Exit codes:
  0  done, or valid                          3  cannot decide: no key, keys too old, clock behind
  1  refused: the voucher is not valid       4  a file, a stream or the network failed
  2  usage                                  70  a bug in doorproof`;

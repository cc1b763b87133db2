import type { Processes } from "@doorproof/issuer/operations";
import type { CliContext, Declare as DeclareFor } from "@doorproof/verify/verbs";

/** What a verb of the operator knows of its surroundings: as one that only checks, and randomness and processes. */
export interface OperatorContext extends CliContext {
  /** Seconds of a clock that nobody sets, and that goes on while the machine sleeps. */
  readonly uptime: () => number;
  /** A CSPRNG: so many bytes. */
  readonly random: (length: number) => Uint8Array;
  readonly processes: Processes;
  /** Node, for a process of ours: where it lies, and its version. */
  readonly node: { readonly path: string; readonly version: string };
  /** While a process of ours runs: what to do when we are to end. */
  readonly onSignal: (signal: "SIGINT" | "SIGTERM", act: () => void) => void;
}

/** Declares an operator's verb. */
export type Declare = DeclareFor<OperatorContext>;

import type { CliContext, Declare as DeclareFor } from "@doorproof/verify/verbs";

/** What a verb of the operator knows of its surroundings: as one that only checks, and randomness. */
export interface OperatorContext extends CliContext {
  /** A CSPRNG: so many bytes. */
  readonly random: (length: number) => Uint8Array;
}

/** Declares an operator's verb. */
export type Declare = DeclareFor<OperatorContext>;

import type { Command } from "commander";
import type { CliContext } from "./context.ts";

/** Declares a verb's arguments, options and examples on its command, and what it does. */
export type Declare<Context extends CliContext = CliContext> = (command: Command, context: Context) => void;

/** A verb in a program's table of contents; its file is loaded when it is asked for. */
export interface Verb<Context extends CliContext = CliContext> {
  readonly summary: string;
  readonly load: () => Promise<{ readonly declare: Declare<Context> }>;
}

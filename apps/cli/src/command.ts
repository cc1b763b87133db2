import type { Command } from "commander";
import type { CliContext } from "./context.ts";

/** Declares a verb's arguments, options and examples on its command, and what it does. */
export type Declare = (command: Command, context: CliContext) => void;

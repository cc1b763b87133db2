import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { Verb } from "./command.ts";
import type { CliContext } from "./context.ts";
import { explain, type KnownErrors } from "./exit.ts";

/** A command line as data. */
export interface Program<Context extends CliContext> {
  readonly description: string;
  readonly version: string;
  readonly verbs: Readonly<Record<string, Verb<Context>>>;
  /** What stands below the list of verbs. */
  readonly help: string;
  /** Errors that its verbs throw beside those known here. */
  readonly errors: KnownErrors;
}

/** Runs what was typed, says what went wrong, and sets the exit code; never throws. */
export async function runProgram<Context extends CliContext>(
  words: readonly string[],
  program: Program<Context>,
  context: Context,
): Promise<void> {
  try {
    const verb = words[0] === "help" ? words[1] : words[0];
    await (await buildCommand(program, context, { verb })).parseAsync(words, { from: "user" });
  } catch (error) {
    const { code, message, hint } = explain(error, { words, program: context.program, errors: program.errors });
    context.exit(code);
    if (message !== undefined) context.terminal.fail(message, hint);
  }
}

/** @param verb the one to declare in full, if any; the others are only listed */
export async function buildCommand<Context extends CliContext>(
  { description, version, verbs, help, errors: _ }: Program<Context>,
  context: Context,
  { verb }: { verb: string | undefined },
): Promise<Command> {
  const program = new Command(context.program)
    .description(description)
    .usage("COMMAND [options]")
    .helpOption("-h, --help", "show this, or a command's help")
    .version(version, "--version", "show the version")
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText("after", help);
  for (const [name, { summary, load }] of Object.entries(verbs)) {
    const command = program.command(name).summary(summary).helpOption("-h, --help", "show this");
    // A completion script names the options of every verb.
    if (verb === name || verb === "completion") (await load()).declare(command.description(summary), context);
  }
  return program;
}

/** @param manifest of a package.json: where it lies beside `src` it lies beside `dist` */
export function readVersion(manifest: URL): string {
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

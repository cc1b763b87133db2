import { formatTime, toIso } from "@doorproof/verify/verbs";
import type { Declare, OperatorContext } from "../context.ts";
import { withOperations } from "../with-operations.ts";

export const declare: Declare = (command, context) => {
  command.usage("accept [options]").addHelpText("after", EXAMPLES);
  command
    .command("accept")
    .description("say that this machine's clock is right as it stands; the issuer signs again")
    .option("--json", "one object: {now, before}")
    .addHelpText("after", ACCEPT_EXAMPLES)
    .action((options: Options) => accept(options, context));
};

const EXAMPLES = `
Example:
  doorproof clock accept`;

const ACCEPT_EXAMPLES = `
Example:
  doorproof clock accept

An issuer signs nothing while its clock contradicts the last time in its database (problem clock-doubted, and /readyz
says so). Put the clock right: then it signs again by itself. This verb is for the day when the clock is right and the
database was wrong: after a day on which it stood ahead, or after more than 37 days switched off. Look at another clock
first.`;

interface Options {
  readonly json?: boolean;
}

async function accept({ json }: Options, context: OperatorContext): Promise<void> {
  const { terminal } = context;
  const { now, before } = await withOperations(context, (operations) => operations.acceptClock());
  const told = { now: toIso(now), before: before === null ? null : toIso(before) };
  await terminal.print(json ? JSON.stringify(told) : told.now);
  const last =
    before === null ? "there was no time in the database" : `the last time in the database was ${formatTime(before)}`;
  terminal.say(`accepted: issuers on this database sign by this clock again; ${last}`);
}

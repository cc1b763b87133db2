import type { Reencrypted } from "@doorproof/issuer/operations";
import { Failure } from "@doorproof/verify/verbs";
import type { Declare, OperatorContext } from "../context.ts";
import { withOperations } from "../with-operations.ts";

export const declare: Declare = (command, context) => {
  command
    .option("--json", "one object: {done, requests, opens, unreadable}")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => reencrypt(options, context));
};

const EXAMPLES = `
Example:
  DATA_SECRET=$(openssl rand -hex 32),$OLD doorproof reencrypt

Once the newest DATA_SECRET stands first and every issuer was started with it, this encrypts under it what older ones
encrypted: numbers, labels, names, notes, reasons. It may run beside the issuer, and again when it was stopped. At the
end it says which secret opens nothing any more and can be taken out. Answers that are kept for seven days with an
Idempotency-Key stay with the secret of their day. Backups keep what they hold.`;

interface Options {
  readonly json?: boolean;
}

async function reencrypt({ json }: Options, context: OperatorContext): Promise<void> {
  const { terminal } = context;
  const { isGone, ...found } = await withOperations(context, (operations) => operations.reencrypt());
  if (json) await terminal.print(JSON.stringify(found));
  else
    for (const [what, count] of Object.entries({ ...found.done, request: found.requests }))
      await terminal.print(`${what.padEnd(7)}  ${count}`);
  for (const line of judge(found)) terminal.say(line);
  if (!isGone) terminal.say("the database's file could not be written anew, and may hold what is gone: run it again");
  if (found.unreadable > 0)
    throw new Failure("refused", `${found.unreadable} texts open with none: a DATA_SECRET is missing in the list`);
}

/** A sentence for each older secret. */
function judge({ opens }: Reencrypted): string[] {
  if (opens.length === 1) return ["there is one DATA_SECRET, and nothing to encrypt anew"];
  return opens.slice(1).map((count, index) => {
    const secret = `DATA_SECRET ${index + 2} of ${opens.length}`;
    if (count === 0) return `${secret} opens nothing any more: take it out and restart the issuer`;
    return `${secret} still opens ${count}: kept answers, which end in seven days, or an issuer that was not restarted`;
  });
}

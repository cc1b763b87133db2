import type { Declare, OperatorContext } from "../context.ts";
import { withOperations } from "../with-operations.ts";

export const declare: Declare = (command, context) => {
  command
    .argument("<delivery>", "the delivery's ID, as it was handed in")
    .addHelpText("after", EXAMPLES)
    .action((delivery: string) => erase(delivery, context));
};

const EXAMPLES = `
Example:
  doorproof erase RR123456785DE

Number, label, names, notes and reasons of the delivery go, and its ID with them; the audit trail goes on telling what was
done, of a tombstone that nobody can name. A delivery whose voucher lives is refused: cancel it first. The database's
file is written anew, so that no page keeps a copy; the issuer's writes wait meanwhile. Copies in backups, and what a
phone still holds, are not reached.`;

async function erase(delivery: string, context: OperatorContext): Promise<void> {
  const { terminal } = context;
  const { tombstone, isGone } = await withOperations(context, (operations) => operations.eraseDelivery(delivery));
  await terminal.print(tombstone);
  if (!isGone)
    terminal.say("its rows are gone, but the database's file could not be written anew: run doorproof reencrypt");
}

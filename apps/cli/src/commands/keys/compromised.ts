import type { DrillStep, Rotation } from "@doorproof/issuer/operations";
import { EXIT, escapeText, type Terminal } from "@doorproof/verify/verbs";
import type { Declare, OperatorContext } from "../../context.ts";
import { mendable } from "../../mendable.ts";
import { withOperations } from "../../with-operations.ts";
import { reportWithdrawal, requireKid } from "./revoke.ts";
import { reportRotation } from "./rotate.ts";

export const declare: Declare = (command, context) => {
  command
    .description("a key has leaked: withdraw it, have another sign, issue again and send what it signed")
    .argument("<kid>", "8 hex digits, as in keys list")
    .option("--root <folder>", "where root.pem lies; needed if no other key signs now (default: KEYS_DIR/private)")
    .option("--json", "one object a line for each voucher: {deliveryId, voucherId, by, sms, fault?}")
    .addHelpText("after", EXAMPLES)
    .action((kid: string, options: Options) => drill(kid, options, context));
};

const EXAMPLES = `
Example:
  doorproof keys compromised 1a2b3c4d --root /media/stick

In the issuer's own database (DATA_DIR, KEYS_DIR), also while it runs; the running issuer sends the messages. Each voucher goes
by itself, so a run that broke off is simply started again, and nobody gets a second message. Exit 1 if a voucher could
not be issued again. Of a document key the root signs a list without it, and no voucher is touched.`;

interface Options {
  readonly root?: string;
  readonly json?: boolean;
}

async function drill(kid: string, options: Options, context: OperatorContext): Promise<void> {
  const { terminal, now, processes, exit } = context;
  requireKid(kid);
  const count = { out: 0, sent: 0, faulty: 0 };
  const at = { processes, ...(options.root !== undefined && { rootFolder: options.root }) };
  await withOperations(context, (operations) =>
    mendable(async () => {
      for await (const step of operations.runDrill(kid, at)) {
        if (step.step === "withdrawn") reportWithdrawal(terminal, { kid, ...step });
        else if (step.step === "rotated") await reportNewList(kid, step.rotation, { terminal, now: now() });
        else {
          count.out += 1;
          if (step.sms) count.sent += 1;
          if (step.fault !== undefined) count.faulty += 1;
          await terminal.print(options.json ? jsonLine(step) : textLine(step));
        }
      }
    }),
  );
  const { out, sent, faulty } = count;
  terminal.say(`${out} vouchers were out: ${out - faulty} issued again, ${sent} sent again, ${faulty} faulty`);
  if (out - faulty > sent) terminal.say("what was not sent never was: hand the new voucher out as you did the old one");
  if (faulty > 0) exit(EXIT.refused);
}

type Replaced = Extract<DrillStep, { step: "replaced" }>;

function jsonLine({ step: _, ...replaced }: Replaced): string {
  return JSON.stringify(replaced);
}

function textLine({ deliveryId, voucherId, by, fault }: Replaced): string {
  const outcome = by === null ? `faulty    ${escapeText(deliveryId)}  ${voucherId}  ${escapeText(fault ?? "")}` : null;
  return outcome ?? `reissued  ${escapeText(deliveryId)}  ${voucherId}  ${by}`;
}

async function reportNewList(
  kid: string,
  rotation: Rotation,
  { terminal, now }: { terminal: Terminal; now: number },
): Promise<void> {
  // stdout is for the vouchers, so new keys are not printed there.
  await reportRotation(rotation, { terminal: { ...terminal, print: async () => {} }, json: false, now });
  if (!rotation.dropped.includes(kid)) return;
  terminal.say(
    `${kid} signs documents: a device believes its manifests and revocation lists until it fetches key list ${rotation.version}`,
  );
}

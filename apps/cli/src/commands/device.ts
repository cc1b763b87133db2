import type { Device } from "@doorproof/issuer/operations";
import { formatTime, printQr, toIso } from "@doorproof/verify/verbs";
import QRCode from "qrcode";
import type { Declare, OperatorContext } from "../context.ts";
import { withOperations } from "../with-operations.ts";

export const declare: Declare = (command, context) => {
  command.usage("enrol|list|revoke [options]").addHelpText("after", EXAMPLES);
  command
    .command("enrol")
    .description("make a link, and its QR, that enrols one phone for a route; it works once, for 15 minutes")
    .argument("<route>", "the route's name, as north-1; made if there is none")
    .option("--country <code>", "where a new route runs, as GB (default: DEFAULT_COUNTRY)")
    .option("--json", "one object: {route, link, expiresAt, replaces}")
    .addHelpText("after", ENROL_EXAMPLES)
    .action((route: string, options: EnrolOptions) => enrol(route, options, context));
  command
    .command("list")
    .description("list the phones that were ever enrolled, newest first")
    .option("--json", "one object a line")
    .action((options: Options) => list(options, context));
  command
    .command("revoke")
    .description("take a phone's token away, as when it is lost or stolen, replaced already or not")
    .argument("<id>", "as doorproof device list prints it")
    .action((id: string) => revoke(id, context));
};

const EXAMPLES = `
Example:
  doorproof device enrol north-1`;

const ENROL_EXAMPLES = `
Example:
  doorproof device enrol north-1 --country GB

The driver scans the QR with the phone's camera, or opens the link on it. A route has one phone: the next one that is
enrolled replaces it. The link goes to the driver and nowhere else.`;

interface Options {
  readonly json?: boolean;
}

interface EnrolOptions extends Options {
  readonly country?: string;
}

async function enrol(route: string, options: EnrolOptions, context: OperatorContext): Promise<void> {
  const { country } = options;
  const { terminal } = context;
  const { link, expiresAt, replaces } = await withOperations(context, (operations) =>
    operations.makeEnrolment({ name: route, ...(country !== undefined && { country }) }),
  );
  if (options.json) {
    await terminal.print(JSON.stringify({ route, link, expiresAt: toIso(expiresAt), replaces }));
    return;
  }
  await terminal.print(link);
  // A file or a pipe gets only the link.
  if (terminal.isTerminal) {
    const { modules } = QRCode.create([{ mode: "byte", data: new TextEncoder().encode(link) }], {
      errorCorrectionLevel: "M",
    });
    await printQr(modules, terminal, "make the window wider, or open the link on the phone");
  }
  terminal.say(`enrols one phone for ${route}, once, until ${formatTime(expiresAt)}`);
  if (replaces !== null)
    terminal.say(
      `it replaces ${replaces}, which then may upload for seven days what it has recorded, and nothing else`,
    );
}

async function list({ json }: Options, context: OperatorContext): Promise<void> {
  const devices = await withOperations(context, (operations) => operations.listDevices());
  for (const device of devices)
    await context.terminal.print(json ? JSON.stringify(writeDevice(device)) : formatDevice(device));
  if (devices.length === 0) context.terminal.say("no phone was enrolled yet");
}

async function revoke(id: string, context: OperatorContext): Promise<void> {
  const { route } = await withOperations(context, (operations) => operations.revokeDevice(id));
  context.terminal.say(
    `revoked ${id} of ${route}; what it holds is over when its manifest is. What it reports of before, within seven days, is a conflict for you to look at`,
  );
}

function formatDevice({ id, route, endedBy, lastSeenAt, gaps }: Device): string {
  const state = (endedBy ?? "enrolled").padEnd(8);
  const missing = gaps.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
  return `${state}  ${id}  ${route}  last seen ${formatTime(lastSeenAt)}${missing && `  missing ${missing}`}`;
}

function writeDevice({ enrolledAt, lastSeenAt, revokedAt, ...device }: Device): object {
  const times = { enrolledAt: toIso(enrolledAt), lastSeenAt: toIso(lastSeenAt) };
  return { ...device, ...times, revokedAt: revokedAt === null ? null : toIso(revokedAt) };
}

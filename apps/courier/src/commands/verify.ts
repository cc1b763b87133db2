import { type KeySet, type Question, verifyVoucher } from "@doorproof/verifier";
import { isDeliveryId, MAX_TEXT_LENGTH, Refusal, type RevocationList } from "@doorproof/voucher";
import { EXIT, type ExitCode, Failure, worst } from "../exit.ts";
import { readKeys, readRevocationList } from "../keys.ts";
import { readLines } from "../lines.ts";
import type { Declare } from "../program.ts";
import { decide, exitOfVerdict, verdictJson, verdictLine } from "../verdict.ts";
import { readTime } from "../when.ts";
import type { World } from "../world.ts";

export const declare: Declare = (command, world) => {
  command
    .argument("[text]", "the voucher, in single quotes; - or none reads lines from standard input")
    .option(
      "--keys <file|url>",
      "the issuer's public keys: .json (JWKS), .cbor (COSE_KeySet) or .cose (signed key list)",
      "keys/jwks.json",
    )
    .option("--root <file>", "PEM of the root that signs the .cose list (default: root.pub.pem beside it)")
    .option("--issuer <name>", "whose keys they must be (default: what jwks.json beside the .cose list says)")
    .option("--delivery <id>", "the delivery at the door; without it nobody compares, and the result says so")
    .option(
      "--phone <number>",
      "the number that the person at the door says: +447700900123, or 07700 900123 with --country",
    )
    .option("--country <code>", "country of a number without +, as GB or 44")
    .option("--revocations <file>", "the issuer's signed revocation list; needs --keys FILE.cose")
    .option("--now <time>", "judge as at this time instead of the clock's, as 2026-12-01T18:00:00Z", readTime)
    .option("--json", "one object a line: {ok, code, deliveryId, expiresAt, kid, cti, issuer, notes}")
    .addHelpText("after", EXAMPLES)
    .action((text: string | undefined, options: Options) => verify(text, options, world));
};

const EXAMPLES = `
Examples:
  doorproof verify 'DP1:…' --delivery RR123456785DE
  doorproof verify - --keys https://issuer.example/.well-known/jwks.json < vouchers.txt

One line a voucher, in order: valid, refused or undecided, and why. Of many: exit 1 if any is refused,
else 3 if any cannot be decided, else 0. Nothing is trimmed but one LF or CRLF at a line's end.
The command line remembers nothing: that a voucher was used before is for a device or the issuer to know.`;

interface Options {
  readonly keys: string;
  readonly root?: string;
  readonly issuer?: string;
  readonly delivery?: string;
  readonly phone?: string;
  readonly country?: string;
  readonly revocations?: string;
  readonly now?: number;
  readonly json?: boolean;
}

async function verify(text: string | undefined, options: Options, world: World): Promise<void> {
  const { terminal } = world;
  const known = await prepare(options);
  const texts = text === undefined || text === "-" ? fromInput(world) : [text];
  let exit: ExitCode | undefined;
  for await (const line of texts) {
    // Asked anew for each: standard input may be a scanner that sends all day.
    const now = options.now ?? world.now();
    const verdict = decide(() => verifyVoucher(line, { ...known, now }));
    await terminal.print(options.json ? verdictJson(verdict) : verdictLine(verdict, terminal));
    exit = worst(exit ?? EXIT.done, exitOfVerdict(verdict));
    const mangled = line === text && "refusal" in verdict && Refusal.is(verdict.refusal, "malformed");
    if (mangled)
      terminal.hint("a voucher has spaces and signs that shells read: put it in 'single quotes', or hand it in with -");
  }
  // Silence is no yes: an empty file must not open a gate.
  if (exit === undefined) throw new Failure("inputOutput", "standard input: no voucher came");
  world.exit(exit);
}

async function prepare(options: Options): Promise<Omit<Question, "now">> {
  const { delivery = null, phone, country } = options;
  if (delivery !== null && !isDeliveryId(delivery)) {
    throw new Failure("usage", "--delivery: a delivery ID is 1 to 64 printable ASCII characters, no spaces");
  }
  const phones = phone === undefined ? null : (await import("../phone.ts")).readPhones(phone, country);
  const keys: KeySet = await readKeys(options.keys, options);
  const revocations: RevocationList | null =
    options.revocations === undefined ? null : await readRevocationList(options.revocations, { keys });
  return { keys, delivery, ...(revocations && { revocations }), ...(phones && { phones }) };
}

function fromInput({ input, inputIsTerminal, terminal }: World): AsyncIterable<string> {
  if (inputIsTerminal) terminal.say("reading vouchers from the terminal, one a line; ctrl-d ends");
  return readLines(input, { longest: MAX_TEXT_LENGTH });
}

import { isDeliveryId } from "@doorproof/voucher";
import { MAX_TEXT_LENGTH } from "@doorproof/voucher/codec";
import { type Criteria, type CriteriaData, criteriaOf, openBatchVerifier, type VerifyBatch } from "../batch.ts";
import type { Declare } from "../command.ts";
import type { CliContext } from "../context.ts";
import { Failure } from "../exit.ts";
import { keyFolder, strongestIn } from "../key-folder.ts";
import { fetchKeys, fetchRevocations } from "../keys.ts";
import { readBlocks, splitLines } from "../lines.ts";
import { readPhones } from "../phone.ts";
import { openSummary } from "../summary.ts";
import { readTime } from "../when.ts";
import { openWorkerPool, type WorkerPool, type WorkerSetup } from "../worker-pool.ts";

export const declare: Declare = (command, context) => {
  command
    .argument("[text]", "the voucher, in single quotes; - or none reads lines from standard input")
    .option(
      "--keys <file|url>",
      "the issuer's public keys: .json (JWKS), .cbor (COSE_KeySet) or .cose (signed key list) (default: keys.cose, else jwks.json, in KEYS_DIR, or in keys)",
    )
    .option("--root <file>", "PEM of the root that signs the .cose list, or of a few (default: root.pub.pem beside it)")
    .option("--issuer <name>", "whose keys they must be (default: what jwks.json beside the .cose list says)")
    .option("--delivery <id>", "the delivery at the door; without it nobody compares, and the result says so")
    .option(
      "--phone <number>",
      "the number that the person at the door says: +447700900123, or 07700 900123 with --country",
    )
    .option("--country <code>", "country of a number without +, as GB or 44")
    .option(
      "--revocations <file>",
      "the issuer's signed revocation list; needs --keys FILE.cose (default: revocations.cose beside the default keys)",
    )
    .option("--now <time>", "judge as at this time instead of the clock's, as 2026-12-01T18:00:00Z", readTime)
    .option("--json", "one object a line: {ok, code, deliveryId, expiresAt, kid, cti, issuer, notes}")
    .addHelpText("after", examples(context.program))
    .action((text: string | undefined, options: Options) => verify(text, options, context));
};

const examples = (program: string) => `
Examples:
  ${program} verify 'DP1:…' --delivery RR123456785DE
  ${program} verify - --keys https://issuer.example/.well-known/jwks.json < vouchers.txt

One line a voucher, in order: valid, refused or undecided, and why. Of many: exit 1 if any is refused,
else 3 if any cannot be decided, else 0. Nothing is trimmed but one LF or CRLF at a line's end.
Many are judged on every core; a summary of them goes to stderr.
The command line remembers nothing: that a voucher was used before is for a device or the issuer to know.`;

interface Options {
  readonly keys?: string;
  readonly root?: string;
  readonly issuer?: string;
  readonly delivery?: string;
  readonly phone?: string;
  readonly country?: string;
  readonly revocations?: string;
  readonly now?: number;
  readonly json?: boolean;
}

async function verify(text: string | undefined, options: Options, context: CliContext): Promise<void> {
  const { data, criteria } = await readCriteria(options, context);
  const format = { json: options.json === true, hasColour: context.terminal.hasColour };
  // The clock is asked for each: standard input may be a scanner that sends all day.
  const now = () => options.now ?? context.now();
  const verifyBatch = openBatchVerifier(criteria, format);
  if (text !== undefined && text !== "-") return verifyOne(text, verifyBatch, { context, now });
  await verifyStream({ criteria: data, format }, verifyBatch, { context, now });
}

/** What each voucher is compared with: opened for this thread, and as data for others. */
async function readCriteria(
  options: Options,
  { environment }: CliContext,
): Promise<{ data: CriteriaData; criteria: Criteria }> {
  const { delivery = null, phone, country } = options;
  if (delivery !== null && !isDeliveryId(delivery)) {
    throw new Failure("usage", "--delivery: a delivery ID is 1 to 64 printable ASCII characters, no spaces");
  }
  const phones = phone === undefined ? null : await readPhones(phone, country);
  const found =
    options.keys === undefined ? strongestIn(keyFolder(environment)) : { keys: options.keys, revocations: null };
  const { published, keys } = await fetchKeys(found.keys, options);
  const revocations = options.revocations ?? found.revocations;
  const list = revocations === null ? null : await fetchRevocations(revocations, { keys });
  return {
    data: { keys: published, revocations: list?.document ?? null, delivery, phones },
    criteria: criteriaOf({ delivery, phones }, { keys, revocations: list?.revocations ?? null }),
  };
}

/** `now` is the clock, or the time that --now says. */
interface Clocked {
  readonly context: CliContext;
  readonly now: () => number;
}

async function verifyOne(voucher: string, verifyBatch: VerifyBatch, { context, now }: Clocked): Promise<void> {
  const { text, counts, exit } = verifyBatch([voucher], now());
  await context.terminal.print(text);
  if (counts.has("malformed"))
    context.terminal.hint(
      "a voucher has spaces and signs that shells read: put it in 'single quotes', or hand it in with -",
    );
  context.exit(exit);
}

/** Bytes. A block of this size, some hundred vouchers, is probably the first of many, and worth starting threads. */
const BULK = 32 * 1024;

async function verifyStream(setup: WorkerSetup, verifyBatch: VerifyBatch, { context, now }: Clocked): Promise<void> {
  const { input, inputIsTerminal, terminal } = context;
  if (inputIsTerminal) terminal.say("reading vouchers from the terminal, one a line; ctrl-d ends");
  const summary = openSummary(context);
  let pool: WorkerPool | null = null;
  const underWay: Promise<void>[] = [];
  try {
    for await (const block of readBlocks(input, { longest: MAX_TEXT_LENGTH })) {
      if (block.length >= BULK) pool ??= openWorkerPool(context.threads, setup);
      const result = pool ? pool.verify(block, now()) : verifyBatch(splitLines(block), now());
      underWay.push(summary.add(result));
      // As many as keep every thread at work, so that memory is bounded.
      if (underWay.length > 2 * context.threads) await underWay.shift();
    }
    await Promise.all(underWay);
  } finally {
    await pool?.close();
  }
  // An error, since with exit code 0 an empty file would open a gate.
  if (summary.count() === 0) throw new Failure("inputOutput", "standard input: no voucher came");
  if (pool) summary.report();
  context.exit(summary.exit());
}

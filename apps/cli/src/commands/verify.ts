import { isDeliveryId } from "@doorproof/voucher";
import { MAX_TEXT_LENGTH } from "@doorproof/voucher/codec";
import { type Asked, type Judge, type Known, knownOf, openJudge } from "../batch.ts";
import type { Declare } from "../command.ts";
import type { World } from "../context.ts";
import { Failure } from "../exit.ts";
import { fetchKeys, fetchRevocations } from "../keys.ts";
import { readBlocks, splitLines } from "../lines.ts";
import { openTotal } from "../summary.ts";
import { readTime } from "../when.ts";
import { type Cores, openCores, type Setup } from "../worker-pool.ts";

export const declare: Declare = (command, world) => {
  command
    .argument("[text]", "the voucher, in single quotes; - or none reads lines from standard input")
    .option(
      "--keys <file|url>",
      "the issuer's public keys: .json (JWKS), .cbor (COSE_KeySet) or .cose (signed key list)",
      "keys/jwks.json",
    )
    .option("--root <file>", "PEM of the root that signs the .cose list, or of a few (default: root.pub.pem beside it)")
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
Many are judged on every core; a summary of them goes to stderr.
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
  const { asked, known } = await ask(options);
  const manner = { json: options.json === true, hasColour: world.terminal.hasColour };
  // Asked anew for each: standard input may be a scanner that sends all day.
  const now = () => options.now ?? world.now();
  const judge = openJudge(known, manner);
  if (text !== undefined && text !== "-") return verifyOne(text, judge, { world, now });
  await verifyStream({ asked, manner }, judge, { world, now });
}

/** The question, as it is judged by here and as it is told to other threads. */
async function ask(options: Options): Promise<{ asked: Asked; known: Known }> {
  const { delivery = null, phone, country } = options;
  if (delivery !== null && !isDeliveryId(delivery)) {
    throw new Failure("usage", "--delivery: a delivery ID is 1 to 64 printable ASCII characters, no spaces");
  }
  const phones = phone === undefined ? null : (await import("../phone.ts")).readPhones(phone, country);
  const { published, keys } = await fetchKeys(options.keys, options);
  const list = options.revocations === undefined ? null : await fetchRevocations(options.revocations, { keys });
  return {
    asked: { keys: published, revocations: list?.document ?? null, delivery, phones },
    known: knownOf({ delivery, phones }, { keys, revocations: list?.revocations ?? null }),
  };
}

interface Surroundings {
  readonly world: World;
  readonly now: () => number;
}

async function verifyOne(voucher: string, judge: Judge, { world, now }: Surroundings): Promise<void> {
  const { text, counts, exit } = judge([voucher], now());
  await world.terminal.print(text);
  if (counts.has("malformed"))
    world.terminal.hint(
      "a voucher has spaces and signs that shells read: put it in 'single quotes', or hand it in with -",
    );
  world.exit(exit);
}

/** A block of this size, some hundred vouchers, is the first of many: worth the threads. */
const BULK = 32 * 1024;

async function verifyStream(setup: Setup, judge: Judge, { world, now }: Surroundings): Promise<void> {
  const { input, inputIsTerminal, terminal } = world;
  if (inputIsTerminal) terminal.say("reading vouchers from the terminal, one a line; ctrl-d ends");
  const total = openTotal(world);
  let cores: Cores | null = null;
  const underWay: Promise<void>[] = [];
  try {
    // In bytes, of which a character has at most four.
    for await (const block of readBlocks(input, { longest: 4 * MAX_TEXT_LENGTH })) {
      if (block.length >= BULK) cores ??= openCores(world.cores, setup);
      const judged = cores ? cores.judge(block, now()) : judge(splitLines(block), now());
      underWay.push(total.add(judged));
      // As many as keep every thread at work, so that memory is bounded.
      if (underWay.length > 2 * world.cores) await underWay.shift();
    }
    await Promise.all(underWay);
  } finally {
    await cores?.close();
  }
  // Silence is no yes: an empty file must not open a gate.
  if (total.count() === 0) throw new Failure("inputOutput", "standard input: no voucher came");
  if (cores) total.tell();
  world.exit(total.exit());
}

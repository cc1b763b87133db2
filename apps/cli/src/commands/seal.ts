import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type SigningKey, sealVoucher, signManifest } from "@doorproof/signer";
import { type KeySet, verifyVoucher } from "@doorproof/verifier";
import {
  type Expiry,
  expiryTime,
  Failure,
  formatTime,
  keyFolder,
  readCallingCode,
  readExpiry,
  readKeys,
  readLines,
} from "@doorproof/verify/verbs";
import { explainRefusal, Refusal, readShortCode, type Stop } from "@doorproof/voucher";
import { ANYBODY, LOG_N, MAX_LABEL, MAX_STOPS, NAME, STOP_TEXT, utf8Length } from "@doorproof/voucher/codec";
import type { Declare, OperatorContext } from "../context.ts";
import { mendable } from "../mendable.ts";
import { defaultCountry } from "../settings.ts";

export const declare: Declare = (command, context) => {
  command
    .argument(
      "[file]",
      'JSON lines {"voucher", "shortCode", "label"?} in driving order; - or none reads standard input',
    )
    .requiredOption("--route <name>", "the route that the manifest is for")
    .option("--country <code>", "country of the route's phone numbers, as GB or 44 (default: DEFAULT_COUNTRY)")
    .option("--expires <when>", "until when the manifest serves (default: 24h)", readExpiry)
    .option("--dir <folder>", "the key folder; its newest document key signs (default: KEYS_DIR, or keys)")
    .option("-o, --output <file>", "where the manifest goes (default: standard output)")
    .addHelpText("after", EXAMPLES)
    .action((file: string | undefined, options: Options) => seal(file, options, context));
};

const EXAMPLES = `
Example:
  doorproof issue … --json >> stops.jsonl
  doorproof seal stops.jsonl --route north-1 --country GB -o north-1.manifest

A stop opens with its short code alone. Each voucher is verified before it is sealed, and one that is refused stops
the whole: nothing is written. The manifest's version is the clock's, so a later one replaces an earlier.`;

interface Options {
  readonly route: string;
  readonly country?: string;
  readonly expires?: Expiry;
  readonly dir?: string;
  readonly output?: string;
}

async function seal(
  file: string | undefined,
  options: Options,
  { terminal, environment, now: clock, random, input }: OperatorContext,
): Promise<void> {
  const country = options.country ?? defaultCountry(environment);
  if (!NAME.test(options.route))
    throw new Failure("usage", "--route: a name is 1 to 64 printable ASCII characters, as north-1");
  if (country === undefined) throw new Failure("usage", "whose phone numbers does the route have?", "add --country GB");
  if (options.output === undefined && terminal.isTerminal) {
    throw new Failure("usage", "a manifest is no text for a terminal", "-o FILE says where it goes");
  }
  const now = clock();
  const expiresAt = expiryTime(options.expires ?? { in: 86_400 }, now);
  const dir = keyFolder(environment, options.dir);
  const keys = await readKeys(join(dir, "keys.cose"));
  const key = await openDocumentKey(dir, now);

  const deliveries: Delivery[] = [];
  for await (const line of readLines(file === undefined || file === "-" ? input : createReadStream(file), {
    longest: MAX_LINE_LENGTH,
  })) {
    if (deliveries.length === MAX_STOPS) throw new Failure("refused", `over ${MAX_STOPS} stops`);
    deliveries.push(readDelivery(line, deliveries.length + 1, { keys, now }));
  }
  const twice = deliveries.find(
    ({ deliveryId }, i) => deliveries.findIndex((delivery) => delivery.deliveryId === deliveryId) !== i,
  );
  if (twice) throw new Failure("refused", `line ${deliveries.indexOf(twice) + 1}: ${twice.deliveryId} stands twice`);
  if (deliveries.length === 0) throw new Failure("inputOutput", "no stop came");
  const stops = await Promise.all(deliveries.map((delivery) => sealStop(delivery, random(16))));

  const content = {
    issuer: keys.issuer,
    route: options.route,
    version: now,
    issuedAt: now,
    expiresAt,
    logN: LOG_N.min,
    stops,
  };
  const manifest = await signManifest(
    { ...content, country: await readCallingCode(country), revoked: new Uint8Array() },
    { key },
  );
  if (options.output === undefined) await terminal.printBytes(manifest);
  else await writeFile(options.output, manifest);
  terminal.say(`sealed ${stops.length} stops of ${options.route}, version ${now}, until ${formatTime(expiresAt)}`);
}

/** A voucher, a code, a label of 400 bytes, and JSON around them. */
const MAX_LINE_LENGTH = 4096;

interface Delivery {
  readonly voucher: string;
  readonly deliveryId: string;
  /** Ten characters, no hyphen. */
  readonly shortCode: string;
  readonly label: string | null;
}

function readDelivery(line: string, number: number, { keys, now }: { keys: KeySet; now: number }): Delivery {
  try {
    const { voucher, shortCode, label = null } = readFields(line);
    if (label !== null && !(STOP_TEXT.test(`${label}`) && utf8Length(`${label}`) <= MAX_LABEL))
      throw new Failure("refused", `a label is a text of up to ${MAX_LABEL} bytes, without control characters`);
    const { deliveryId } = verifyVoucher(voucher, { keys, now, delivery: null });
    return {
      voucher: `${voucher}`,
      deliveryId,
      shortCode: readShortCode(shortCode),
      label: label === null ? null : `${label}`,
    };
  } catch (error) {
    if (error instanceof Refusal)
      throw new Failure("refused", `line ${number}: ${error.code}: ${explainRefusal(error)}`);
    if (error instanceof Failure) throw new Failure("refused", `line ${number}: ${error.message}`);
    throw error;
  }
}

function readFields(line: string): { voucher?: unknown; shortCode?: unknown; label?: unknown } {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Answered like JSON of another shape.
  }
  throw new Failure("refused", 'not JSON like {"voucher": "DP1:…", "shortCode": "7KQ4M-2XN8P"}');
}

async function sealStop({ voucher, deliveryId, shortCode, label }: Delivery, salt: Uint8Array): Promise<Stop> {
  const seal = await sealVoucher(voucher, { deliveryId, shortCode, salt, logN: LOG_N.min });
  const rest = { named: null, window: null, parcels: [], call: null, asks: 0, takers: ANYBODY };
  return { deliveryId, label: { name: null, address: label, hint: null }, ...rest, ...seal };
}

async function openDocumentKey(dir: string, now: number): Promise<SigningKey> {
  const { newestSigningKey } = await import("@doorproof/issuer/operations");
  const newest = await mendable(() => newestSigningKey(dir, { use: "documents", now, until: now }));
  if (newest) return newest.key;
  throw new Failure("undecided", `${dir}: no document key covers now`, "doorproof keys list shows their windows");
}

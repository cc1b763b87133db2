import { scrypt } from "node:crypto";
import { join } from "node:path";
import { type KeySet, openManifest, openShortCode, type Scrypt } from "@doorproof/verifier";
import { type Manifest, Refusal } from "@doorproof/voucher";
import type { Declare } from "../command.ts";
import type { CliContext } from "../context.ts";
import { Failure } from "../exit.ts";
import { keyFolder } from "../key-folder.ts";
import { readKeys } from "../keys.ts";
import { readFileBytes } from "../sources.ts";

export const declare: Declare = (command, context) => {
  command
    .argument("<manifest>", "a file that doorproof seal or the issuer made")
    .requiredOption("--delivery <id>", "the stop")
    .requiredOption("--code <code>", "what the customer says, as 7KQ4M-2XN8P; forgiving about case, spaces, O and 0")
    .option("--keys <file|url>", "the issuer's signed key list (default: keys.cose in KEYS_DIR, or in keys)")
    .option("--root <file>", "PEM of the root that signs the list, or of a few (default: root.pub.pem beside it)")
    .option("--issuer <name>", "whose keys they must be (default: what jwks.json beside the list says)")
    .option("--route <name>", "the route that the manifest must be of (default: any of this issuer)")
    .option("--json", "one object: {voucher, deliveryId, label: {name, address, hint}}")
    .addHelpText("after", examples(context.program))
    .action((path: string, options: Options) => open(path, options, context));
};

const examples = (program: string) => `
Example:
  ${program} open north-1.manifest --delivery RR123456785DE --code 7KQ4M-2XN8P | ${program} verify - --keys keys/keys.cose

Prints the very voucher that the customer's QR shows, and says nothing about it: verify does. One KDF run a try,
none for a slip that the check digit catches.`;

interface Options {
  readonly delivery: string;
  readonly code: string;
  readonly keys?: string;
  readonly root?: string;
  readonly issuer?: string;
  readonly route?: string;
  readonly json?: boolean;
}

const MAX_MANIFEST_LENGTH = 512 * 1024;

async function open(path: string, options: Options, { terminal, environment, now }: CliContext): Promise<void> {
  const keys = await readKeys(options.keys ?? join(keyFolder(environment), "keys.cose"), options);
  if (!keys.list)
    throw new Failure("usage", "a manifest can only be checked with a signed key list", "add --keys keys/keys.cose");
  const manifest = openAnyRoute(await readFileBytes(path, { cap: MAX_MANIFEST_LENGTH }), {
    keys,
    route: options.route,
  });
  if (now() >= manifest.expiresAt) terminal.say("this manifest has expired: a driver's device would refuse it");
  const stop = manifest.stops.find(({ deliveryId }) => deliveryId === options.delivery);
  if (!stop) throw new Failure("refused", `not-on-manifest: ${manifest.route} has no stop of this delivery`);
  const voucher = await openShortCode(options.code, { stop, logN: manifest.logN, scrypt: nodeScrypt });
  const { deliveryId, label } = stop;
  await terminal.print(options.json ? JSON.stringify({ voucher, deliveryId, label }) : voucher);
}

// A device is enrolled for one route; here there is only a file. The manifest's route is taken from the refusal, which
// comes after its signature was verified, so nothing unverified is parsed.
function openAnyRoute(document: Uint8Array, { keys, route }: { keys: KeySet; route: string | undefined }): Manifest {
  const held = () => null;
  try {
    return openManifest(document, { keys, route: route ?? "", held });
  } catch (error) {
    const isAnotherRoute = Refusal.is(error, "foreign-document") && error.facts.expected === "";
    if (!isAnotherRoute) throw error;
    return openManifest(document, { keys, route: error.facts.found, held });
  }
}

const nodeScrypt: Scrypt = ({ password, salt, N }) =>
  new Promise((resolve, reject) => {
    // Node's default limit of 32 MiB refuses N = 2^15 with r = 8, which takes a little more.
    const cost = { N, r: 8, p: 1, maxmem: 2048 * N };
    scrypt(password, salt, 32, cost, (error, key) => (error ? reject(error) : resolve(new Uint8Array(key))));
  });

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { KeySet } from "@doorproof/verifier";
import {
  Failure,
  fetchKeys,
  fetchRevocations,
  formatTime,
  isUrl,
  keyFolder,
  keysFor,
  type PublishedKeys,
  toIso,
} from "@doorproof/verify/verbs";
import type { RevocationList } from "@doorproof/voucher";
import { toHex } from "@doorproof/voucher/codec";
import type { Declare, OperatorContext } from "../context.ts";

export const declare: Declare = (command, context) => {
  command
    .option("-o, --output <file>", "the page", "verifier.html")
    .option(
      "--keys <file|url>",
      "the issuer's public keys: .cose (signed key list), .json (JWKS) or .cbor (COSE_KeySet) (default: keys.cose in KEYS_DIR, or in keys)",
    )
    .option("--root <file>", "PEM of the root that signs the .cose list (default: root.pub.pem beside it)")
    .option("--issuer <name>", "whose keys they must be (default: what jwks.json beside the .cose list says)")
    .option("--revocations <file|url>", "the signed revocation list (default: revocations.cose beside the .cose list)")
    .option("--no-revocations", "put none in: results then say that withdrawals are not known")
    .option("--json", "one object: {path, bytes, issuer, kids, decidesUntil}")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => publish(options, context));
};

const EXAMPLES = `
Examples:
  doorproof publish-verifier
  doorproof publish-verifier --keys jwks.json -o acme.html

One file for a courier's phone: keys, verifier, scanner and the memory of what was accepted, in four languages. It fetches and
sends nothing. Any web server or cloud drive that serves it by https will do; from a file it runs where the browser lets a
local page use the camera. It tells what it is made of; publish it again when a list is due.`;

interface Options {
  readonly output: string;
  readonly keys?: string;
  readonly root?: string;
  readonly issuer?: string;
  readonly revocations?: string | boolean;
  readonly json?: boolean;
}

async function publish(options: Options, { terminal, environment, node, now }: OperatorContext): Promise<void> {
  const source = options.keys ?? join(keyFolder(environment), "keys.cose");
  const { published, keys } = await fetchKeys(source, options);
  const serving = keysFor("vouchers", { keys, now: now(), until: now() });
  if (serving.length === 0) throw new Failure("undecided", `${source}: no voucher key serves now`);
  const list = await takeRevocations(options, { source, keys });
  const page = fill(await readTemplate(node), { published, revocations: list?.document ?? null });
  await writeFile(options.output, page);

  const kids = [...keys.keys.values()].filter(({ use }) => use === "vouchers").map(({ kid }) => kid);
  const until = decidesUntil(keys, list?.revocations ?? null);
  if (options.json) {
    const decided = until && toIso(until.time);
    const bytes = Buffer.byteLength(page);
    await terminal.print(
      JSON.stringify({ path: options.output, bytes, issuer: keys.issuer, kids, decidesUntil: decided }),
    );
  }
  terminal.say(
    `wrote ${options.output}: ${(page.length / 1e6).toFixed(1)} MB, checks vouchers of ${keys.issuer} by ${kids.length} keys`,
  );
  if (until)
    terminal.say(
      `it decides until ${formatTime(until.time)}, when ${until.what} is past its grace: publish it again by then`,
    );
  if (!keys.list) terminal.say("its keys are not signed, and every result says so");
  if (!list) terminal.say("it knows of no withdrawal, and every result says so");
  terminal.hint("serve it by https, or hand the file over; whoever opens it trusts whom it came from");
}

async function takeRevocations(
  { revocations }: Options,
  { source, keys }: { source: string; keys: KeySet },
): Promise<{ document: Uint8Array; revocations: RevocationList } | null> {
  if (revocations === false) return null;
  if (typeof revocations === "string") return fetchRevocations(revocations, { keys });
  const beside = join(dirname(source), "revocations.cose");
  return keys.list && !isUrl(source) && existsSync(beside) ? fetchRevocations(beside, { keys }) : null;
}

const DRIVER = join(import.meta.dirname, "../../../driver");

/** The page without keys: the driver's app as one file, built if its sources have changed. */
async function readTemplate(node: OperatorContext["node"]): Promise<string> {
  const builder = spawn(node.path, [join(DRIVER, "build.ts"), "page"], { stdio: ["ignore", 2, 2], env: {} });
  const code = await new Promise((resolve) => builder.on("close", resolve));
  if (code !== 0) throw new Failure("inputOutput", "the page could not be built");
  return readFile(join(DRIVER, "dist-page/index.html"), "utf8");
}

const PLACE = '<script type="application/json" id="published"></script>';

// As apps/driver/src/sync/published.ts reads it.
function fill(
  template: string,
  { published, revocations }: { published: PublishedKeys; revocations: Uint8Array | null },
): string {
  const { issuer, kind } = published;
  const bytes = base64(published.bytes);
  const keys = kind === "list" ? { kind, document: bytes, roots: published.roots.map(toHex) } : { kind, bytes };
  const inside = JSON.stringify({ issuer, keys, revocations: revocations && base64(revocations) });
  const pieces = template.split(PLACE);
  if (pieces.length !== 2) throw new TypeError("the page has no one place for keys");
  // Escaped, because an issuer's name is printable ASCII, and so may be `</script>`.
  return pieces.join(PLACE.replace("><", () => `>${inside.replaceAll("<", "\\u003c")}<`));
}

/** When the first of the page's lists is past its grace. */
function decidesUntil({ list }: KeySet, revocations: RevocationList | null): { time: number; what: string } | null {
  if (!list) return null;
  const ends = [
    { time: list.expiresAt + list.grace, what: "the key list" },
    ...(revocations ? [{ time: revocations.next + list.grace, what: "the revocation list" }] : []),
  ];
  return ends.reduce((first, end) => (end.time < first.time ? end : first));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

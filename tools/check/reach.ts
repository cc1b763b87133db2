// "Nothing on a phone makes a voucher" is a claim about the code that is shipped, libraries included, and not about our imports. So the
// verifier is bundled as a browser would get it, and what the bundler kept is searched: naming what leaked says more than a ceiling of
// bytes. Imports alone would not do: @noble/ed25519 signs too, and only tree-shaking leaves that out.

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { named, readSource } from "./source.ts";
import { type Finding, ROOT, type Tree } from "./tree.ts";

interface Door {
  readonly name: string;
  /** The entry file's text, resolved as if it stood in this folder. */
  readonly entry: string;
  readonly folder: string;
  readonly platform: "browser" | "node";
  /** Modules of which the bundler must not even keep a line. */
  readonly without: readonly string[];
  /** Bytes, minified and gzip -9; null where it is only told. */
  readonly most: number | null;
}

const VOUCHER_DOOR: Door = {
  name: "verifier, everything for a voucher",
  entry: 'export { verifyVoucher, readJwksKeys } from "@doorproof/verifier";',
  folder: "packages/verifier",
  platform: "browser",
  without: ["packages/signer/", "node_modules/cbor-x/"],
  most: 10_000,
};

const DOORS: readonly Door[] = [
  VOUCHER_DOOR,
  {
    name: "verifier, all of it",
    entry: 'export * from "@doorproof/verifier";',
    folder: "packages/verifier",
    platform: "browser",
    without: ["packages/signer/"],
    // What it is, rounded up: cbor-x is most of it, and a second library that crept in would be seen here first.
    most: 28_000,
  },
  {
    name: "driver's day",
    entry: 'export { startDay } from "./src/day/start-day.ts";',
    folder: "apps/driver",
    platform: "browser",
    without: ["packages/signer/", "apps/issuer/"],
    most: null,
  },
  {
    name: "customer's page",
    entry: 'export { renderPage } from "@doorproof/customer-page";',
    folder: "packages/customer-page",
    // It is drawn by the issuer; its reader gets HTML.
    platform: "node",
    without: ["packages/signer/", "packages/verifier/", "node_modules/@noble/ed25519/"],
    most: null,
  },
];

/** Names that only code which makes signatures or private keys declares or calls: noble's, WebCrypto's and Node's. */
const SIGNING =
  /^(_?sign(Async|Sync|Message)?|getPublicKey(Async)?|getExtendedPublicKey(Async)?|hashedToExtK|keygen(Async)?|randomSecretKey|randomPrivateKey|generateKey(Pair)?(Sync)?|createPrivateKey|createSign|utils)$/;

export async function checkReach(_tree: Tree): Promise<Finding> {
  const judged = await Promise.all(DOORS.map(judgeDoor));
  return { faults: judged.flatMap(({ faults }) => faults), note: judged.map(({ note }) => note).join("; ") };
}

/** The door of the voucher with another entry in its place, so that a test can open it for code that signs. */
export function checkVoucherDoor(entry: string, folder: string): Promise<Finding> {
  return judgeDoor({ ...VOUCHER_DOOR, entry, folder });
}

async function judgeDoor(door: Door): Promise<Finding> {
  const bundles = await Promise.all([bundle(door, false), bundle(door, true)]).catch((error: Error) => error);
  if (bundles instanceof Error) return { faults: [`${door.name}: cannot be bundled: ${bundles.message}`], note: "" };
  const [readable, minified] = bundles;
  const bytes = gzipSync(minified.text, { level: 9 }).length;
  const inputs = readable.inputs.flatMap((input) => {
    const banned = door.without.find((part) => plain(input).includes(part));
    return banned === undefined ? [] : [`holds ${plain(input)}`];
  });
  const tooLarge = door.most !== null && bytes > door.most ? [`${bytes} bytes gzip, more than ${door.most}`] : [];
  return {
    faults: [...inputs, ...signingIn(readable.text), ...tooLarge].map((fault) => `${door.name}: ${fault}`),
    note: `${door.name}: ${bytes} bytes gzip of ${readable.inputs.length} modules`,
  };
}

async function bundle(door: Door, minify: boolean): Promise<{ text: string; inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: door.entry, resolveDir: join(ROOT, door.folder), loader: "ts" },
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2022",
    platform: door.platform,
    minify,
    legalComments: "none",
    logLevel: "silent",
  });
  const kept = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const inputs = kept.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return { text: outputFiles[0]?.text ?? "", inputs: inputs.filter((path) => path !== "<stdin>") };
}

// pnpm's store repeats a package's name in its path: node_modules/.pnpm/cbor-x@1.6.9/node_modules/cbor-x/…
function plain(input: string): string {
  return input.replace(/.*\/node_modules\//, "node_modules/");
}

/** Every declared or called name that belongs to signing. The bundler numbers what would clash: `sign2` is `sign`. */
function signingIn(text: string): readonly string[] {
  const found = new Set<string>();
  readSource("bundle.js", text).walk((node) => {
    const name =
      node.type === "VariableDeclarator" || node.type === "FunctionDeclaration"
        ? node.id && named(node.id)
        : node.type === "CallExpression"
          ? named(node.callee)
          : null;
    if (name && SIGNING.test(name.replace(/\d+$/, ""))) found.add(name);
  });
  return [...found].map((name) => `can sign or make keys: ${name}`);
}

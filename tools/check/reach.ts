// "Nothing on a phone makes a voucher" is a claim about the code that is shipped, libraries included, and not about our
// imports. So the verifier is bundled as a browser would get it, and the code that the bundler kept is searched by
// name, which says more than a limit of bytes. Looking at imports would not be enough: @noble/ed25519 signs too, and
// only tree-shaking leaves that out.

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
  /** Modules of which the bundler must keep nothing. */
  readonly without: readonly string[];
  /** False: nothing in it may be able to ask a network. */
  readonly network: boolean;
  /** Bytes, minified and gzip -9; null where the size is printed and not limited. */
  readonly most: number | null;
}

const VOUCHER_DOOR: Door = {
  name: "verifier, everything for a voucher",
  entry: 'export { verifyVoucher, readJwksKeys } from "@doorproof/verifier";',
  folder: "packages/verifier",
  platform: "browser",
  without: ["packages/signer/", "node_modules/cbor-x/"],
  network: true,
  most: 10_000,
};

/**
 * What a verifier page starts: the driver's app on a page that promises to ask nobody. Its workers are files of their
 * own, and not in here.
 */
const PAGE_DOOR: Door = {
  name: "verifier page",
  entry: 'import "./src/main.page.ts";',
  folder: "apps/driver",
  platform: "browser",
  without: ["packages/signer/", "apps/issuer/", "apps/driver/src/sync/network.ts", "apps/driver/src/sw/update.ts"],
  network: false,
  most: null,
};

const DOORS: readonly Door[] = [
  VOUCHER_DOOR,
  {
    name: "verifier, all of it",
    entry: 'export * from "@doorproof/verifier";',
    folder: "packages/verifier",
    platform: "browser",
    without: ["packages/signer/", "node_modules/cbor-x/"],
    network: true,
    // Today's size, rounded up: cbor-x, which writes, would double it.
    most: 14_500,
  },
  {
    name: "driver's day",
    entry:
      'export { startDay } from "./src/day/start-day.ts";\nexport { startSchedule } from "./src/sync/schedule.ts";',
    folder: "apps/driver",
    platform: "browser",
    without: ["packages/signer/", "apps/issuer/", "node_modules/typebox/"],
    network: true,
    most: null,
  },
  PAGE_DOOR,
  {
    name: "customer's page",
    entry: 'export { renderPage } from "@doorproof/customer-page";',
    folder: "packages/customer-page",
    // The issuer renders the page on Node; browsers get only HTML.
    platform: "node",
    without: ["packages/signer/", "packages/verifier/", "node_modules/@noble/ed25519/"],
    network: true,
    most: null,
  },
];

/** Names that only code which makes signatures or private keys declares or calls: noble's, WebCrypto's and Node's. */
const SIGNING =
  /^(_?sign(Async|Sync|Message)?|getPublicKey(Async)?|getExtendedPublicKey(Async)?|hashedToExtK|keygen(Async)?|randomSecretKey|randomPrivateKey|generateKey(Pair)?(Sync)?|createPrivateKey|createSign|utils)$/;

/** Names by which a browser's script asks a network. */
const ASKING =
  /^(fetch|fetchLater|XMLHttpRequest|WebSocket|WebSocketStream|WebTransport|EventSource|RTCPeerConnection|sendBeacon|importScripts|serviceWorker)$/;

export async function checkReach(_tree: Tree): Promise<Finding> {
  const judged = await Promise.all(DOORS.map(judgeDoor));
  return { faults: judged.flatMap(({ faults }) => faults), note: judged.map(({ note }) => note).join("; ") };
}

/** The door of the voucher with another entry in its place, so that a test can open it for code that signs. */
export function checkVoucherDoor(entry: string, folder: string): Promise<Finding> {
  return judgeDoor({ ...VOUCHER_DOOR, entry, folder });
}

/** The door of the verifier page, likewise, for code that asks a network. */
export function checkPageDoor(entry: string): Promise<Finding> {
  return judgeDoor({ ...PAGE_DOOR, entry });
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
    faults: [...inputs, ...signingIn(readable.text), ...(door.network ? [] : askingIn(readable.text)), ...tooLarge].map(
      (fault) => `${door.name}: ${fault}`,
    ),
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
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { __ANNOUNCE__: "false", __VERSION__: '"0"' },
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

/** Every name that asks a network, wherever it stands: called, renamed, or read off the window by a text. */
function askingIn(text: string): readonly string[] {
  const found = new Set<string>();
  readSource("bundle.js", text).walk((node) => {
    const name = node.type === "Identifier" ? node.name : node.type === "Literal" ? node.value : null;
    if (typeof name === "string" && ASKING.test(name)) found.add(name);
  });
  return [...found].map((name) => `can ask a network: ${name}`);
}

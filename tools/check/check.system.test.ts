import { describe, expect, test } from "vitest";
import { checkAmbient } from "./ambient.ts";
import { checkDocs } from "./docs.ts";
import { checkLayers } from "./layers.ts";
import { checkPageDoor, checkReach, checkVoucherDoor } from "./reach.ts";
import { checkSizes } from "./sizes.ts";
import type { Check, Tree } from "./tree.ts";

// Shows that each check can fail: the tree passes, and with one breach added that breach is found, at its place and for
// its reason.

const CLEAN: Readonly<Record<string, string>> = {
  "packages/voucher/package.json":
    '{ "name": "@doorproof/voucher", "dependencies": { "@noble/hashes": "catalog:", "cbor-x": "catalog:" } }',
  "packages/voucher/src/cbor.ts": 'import { Encoder } from "cbor-x/index-no-eval";',
  "packages/voucher/src/index.ts": 'export { sha256 } from "@noble/hashes/sha2.js";\nexport * from "./cbor.ts";',
  "packages/verifier/package.json":
    '{ "name": "@doorproof/verifier", "dependencies": { "@doorproof/voucher": "workspace:*", "@noble/ed25519": "catalog:" }, "devDependencies": { "@doorproof/signer": "workspace:*" }, "imports": { "#ed25519": "./src/ed25519.ts" } }',
  "packages/verifier/src/verify.ts":
    'import { importPublicKey } from "#ed25519";\nexport const when = (at: number, text: Date) => [new Date(at), text instanceof Date, Date.UTC(2026), Math.max(1, 2)];',
  "packages/verifier/src/ed25519.ts": 'import { verify } from "@noble/ed25519";',
  "packages/verifier/src/ed25519.node.ts": 'import { verify } from "node:crypto";',
  "packages/verifier/test/verify.test.ts": 'import { signVoucher } from "@doorproof/signer";\nDate.now();',
  "packages/signer/package.json":
    '{ "name": "@doorproof/signer", "dependencies": { "@doorproof/voucher": "workspace:*" } }',
  "packages/signer/src/signing-key.ts":
    'import { sign } from "node:crypto";\nimport { readFileSync } from "node:fs";\nimport { keyId } from "@doorproof/voucher/codec";',
  "apps/verify/package.json":
    '{ "name": "@doorproof/verify", "dependencies": { "@doorproof/verifier": "workspace:*", "@doorproof/voucher": "workspace:*" } }',
  "apps/verify/src/commands/verify.ts": 'import { verifyVoucher } from "@doorproof/verifier";',
  "apps/cli/package.json":
    '{ "dependencies": { "@doorproof/signer": "workspace:*", "@doorproof/issuer": "workspace:*", "@doorproof/verify": "workspace:*", "commander": "catalog:" } }',
  "apps/cli/src/main.ts":
    'import "./commands/issue.ts";\nconst now = () => Math.floor(Date.now() / 1000);\nconst { env } = process;',
  "apps/cli/src/commands/issue.ts":
    'import { signVoucher } from "@doorproof/signer";\nimport { readFile } from "node:fs/promises";',
  "apps/cli/src/commands/import.ts": 'const { openOperations } = await import("@doorproof/issuer/operations");',
  "apps/demo/package.json": '{ "dependencies": {} }',
  "apps/demo/src/main.ts": 'import { spawn } from "node:child_process";\n// import "@doorproof/signer"',
};

type Breach = { name: string; check: Check; files: Record<string, string>; fault: string };

const breaches: readonly Breach[] = [
  {
    name: "a forbidden import",
    check: checkLayers,
    files: { "packages/verifier/src/verify.ts": '\nimport { signVoucher } from "@doorproof/signer";' },
    fault: "packages/verifier/src/verify.ts:2: imports @doorproof/signer: not in the import table",
  },
  {
    name: "a forbidden import of a type alone",
    check: checkLayers,
    files: { "packages/verifier/src/keys.ts": 'import type { SigningKey } from "@doorproof/signer";' },
    fault: "packages/verifier/src/keys.ts:1: imports @doorproof/signer",
  },
  {
    name: "a type written as import()",
    check: checkLayers,
    files: { "packages/verifier/src/keys.ts": 'type Key = import("@doorproof/signer").SigningKey;' },
    fault: "packages/verifier/src/keys.ts:1: imports @doorproof/signer",
  },
  {
    name: "a forbidden export from",
    check: checkLayers,
    files: { "packages/verifier/src/index.ts": 'export * from "@doorproof/signer";' },
    fault: "packages/verifier/src/index.ts:1: imports @doorproof/signer",
  },
  {
    name: "a dynamic import",
    check: checkLayers,
    files: { "apps/demo/src/party.ts": "const door = await import(`@doorproof/verifier`);" },
    fault: "apps/demo/src/party.ts:1: imports @doorproof/verifier",
  },
  {
    name: "a computed import",
    check: checkLayers,
    files: { "apps/demo/src/party.ts": 'const door = await import("@doorproof/" + name);' },
    fault: "apps/demo/src/party.ts:1: a computed import",
  },
  {
    name: "a require",
    check: checkLayers,
    files: { "packages/verifier/src/keys.ts": 'const { sign } = require("node:crypto");' },
    fault: "packages/verifier/src/keys.ts:1: imports node:crypto",
  },
  {
    name: "a worker of another room",
    check: checkLayers,
    files: {
      "apps/demo/src/party.ts": 'new Worker(new URL("../../../packages/signer/src/sign.ts", import.meta.url));',
    },
    fault: "apps/demo/src/party.ts:1: imports ../../../packages/signer/src/sign.ts",
  },
  {
    name: "the types of a platform that the room must not know",
    check: checkLayers,
    files: { "packages/voucher/src/phone.ts": '/// <reference types="node" />' },
    fault: "packages/voucher/src/phone.ts:1: imports node",
  },
  {
    name: "a path into another room",
    check: checkLayers,
    files: { "packages/verifier/src/keys.ts": 'import "../../signer/src/sign.ts";' },
    fault: "packages/verifier/src/keys.ts:1: imports ../../signer/src/sign.ts",
  },
  {
    name: "node:crypto outside the one file",
    check: checkLayers,
    files: { "packages/verifier/src/verify.ts": 'import { verify } from "node:crypto";' },
    fault: "packages/verifier/src/verify.ts:1: imports node:crypto",
  },
  {
    name: "node:fs in the signer outside the one file",
    check: checkLayers,
    files: { "packages/signer/src/voucher.ts": 'import { readFileSync } from "node:fs";' },
    fault: "packages/signer/src/voucher.ts:1: imports node:fs",
  },
  {
    name: "the door of cbor-x that runs new Function",
    check: checkLayers,
    files: { "packages/voucher/src/cbor.ts": 'import { Encoder } from "cbor-x";' },
    fault: "packages/voucher/src/cbor.ts:1: imports cbor-x",
  },
  {
    name: "a command that checks and imports what signs",
    check: checkLayers,
    files: { "apps/verify/src/commands/verify.ts": 'import { signVoucher } from "@doorproof/signer";' },
    fault: "apps/verify/src/commands/verify.ts:1: imports @doorproof/signer",
  },
  {
    name: "verify past its door",
    check: checkLayers,
    files: { "apps/cli/src/commands/import.ts": 'import "../../../verify/src/keys.ts";' },
    fault: "apps/cli/src/commands/import.ts:1: imports ../../../verify/src/keys.ts",
  },
  {
    name: "a verb that signs without being one of the three",
    check: checkLayers,
    files: { "apps/cli/src/commands/serve.ts": 'import { signVoucher } from "@doorproof/signer";' },
    fault: "apps/cli/src/commands/serve.ts:1: imports @doorproof/signer",
  },
  {
    name: "the issuer past its door",
    check: checkLayers,
    files: { "apps/cli/src/commands/import.ts": 'import "@doorproof/issuer/store/sqlite";' },
    fault: "apps/cli/src/commands/import.ts:1: imports @doorproof/issuer/store/sqlite",
  },
  {
    name: "a handler that reaches for the store",
    check: checkLayers,
    files: { "apps/issuer/src/http/vouchers/vouchers.ts": 'import { openSqlite } from "../../store/sqlite.ts";' },
    fault: "apps/issuer/src/http/vouchers/vouchers.ts:1: imports ../../store/sqlite.ts",
  },
  {
    name: "a handler of another subject's verb",
    check: checkLayers,
    files: { "apps/issuer/src/http/vouchers/vouchers.ts": 'import "../../domain/redemptions/index.ts";' },
    fault:
      "apps/issuer/src/http/vouchers/vouchers.ts:1: imports ../../domain/redemptions/index.ts: not in the import table",
  },
  {
    name: "a handler past the index of its subject",
    check: checkLayers,
    files: { "apps/issuer/src/http/vouchers/vouchers.ts": 'import "../../domain/vouchers/issue.ts";' },
    fault:
      "apps/issuer/src/http/vouchers/vouchers.ts:1: imports ../../domain/vouchers/issue.ts: not in the import table",
  },
  {
    name: "a file in a place that the table does not name",
    check: checkLayers,
    files: { "apps/issuer/src/shared/all.ts": "" },
    fault: "apps/issuer/src/shared/all.ts: no row of the import table",
  },
  {
    name: "a room that the table does not name",
    check: checkLayers,
    files: { "packages/crypto/src/index.ts": "" },
    fault: "packages/crypto: no room of the import table",
  },
  {
    name: "a forbidden dependency",
    check: checkLayers,
    files: { "apps/demo/package.json": '{ "dependencies": { "@doorproof/signer": "workspace:*" } }' },
    fault: "apps/demo/package.json: depends on @doorproof/signer",
  },
  {
    name: "a forbidden dependency under a permitted name",
    check: checkLayers,
    files: { "packages/signer/package.json": '{ "dependencies": { "@doorproof/voucher": "npm:jose@6" } }' },
    fault: "packages/signer/package.json: takes @doorproof/voucher from npm:jose@6",
  },
  {
    name: "a package that only the root depends on",
    check: checkLayers,
    files: { "packages/voucher/package.json": '{ "dependencies": { "@noble/hashes": "catalog:" } }' },
    fault: "packages/voucher/src/cbor.ts:1: imports cbor-x/index-no-eval: its package.json does not name it",
  },
  ...[
    "const now = Date.now();",
    "const now = new Date();",
    "const clock = Date;",
    "const { now } = Date;",
    'const now = Date["now"]();',
    "const now = globalThis.Date.now();",
    "const world = globalThis;",
    "const at = performance.now();",
    "const drawn = Math.random();",
    "const bytes = crypto.getRandomValues(new Uint8Array(8));",
    'import { randomBytes } from "node:crypto";',
    'import * as platform from "node:crypto";\nplatform.randomUUID();',
    "const home = process.env.HOME;",
    "const { env } = process;",
  ].map((text) => ({
    name: text,
    check: checkAmbient,
    files: { "packages/verifier/src/verify.ts": text },
    fault: `packages/verifier/src/verify.ts:${text.split("\n").length}: `,
  })),
  {
    name: "a clock in an app below main",
    check: checkAmbient,
    files: { "apps/cli/src/commands/issue.ts": "const now = Date.now();" },
    fault: "apps/cli/src/commands/issue.ts:1: Date.now",
  },
  {
    name: "a file too long",
    check: checkSizes,
    files: { "apps/demo/src/story.ts": "\n".repeat(401) },
    fault: "apps/demo/src/story.ts: 401 lines",
  },
  {
    name: "a folder of helpers",
    check: checkSizes,
    files: { "apps/demo/src/helpers/story.ts": "" },
    fault: "apps/demo/src/helpers/story.ts: helpers says nothing",
  },
  {
    name: "files that are long in the middle",
    check: checkSizes,
    files: Object.fromEntries([...Array(20).keys()].map((n) => [`apps/demo/src/${n}.ts`, "\n".repeat(120)])),
    fault: "the median file has 120 lines",
  },
];

describe("a breach is found where it stands", () => {
  test.each(breaches)("$name", async ({ check, files, fault }) => {
    expect((await check(treeOf(CLEAN))).faults).toEqual([]);
    const { faults } = await check(treeOf({ ...CLEAN, ...files }));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });
});

describe("what is shipped", () => {
  test("neither signs nor makes keys", async () => {
    const { faults } = await checkReach(treeOf({}));
    expect(faults.filter((fault) => !fault.includes("bytes gzip"))).toEqual([]);
  });

  // npm installs what a manifest names, and what that names: the way there may be long, and no import need be written yet.
  test("brings nothing along that signs, through no other room", async () => {
    const through = {
      "packages/voucher/package.json":
        CLEAN["packages/voucher/package.json"]?.replace('{ "@noble', '{ "@doorproof/signer": "workspace:*", "@noble') ??
        "",
    };
    const { faults } = await checkLayers(treeOf({ ...CLEAN, ...through }));
    expect(faults).toContain(
      "apps/verify/package.json: brings packages/signer along: apps/verify -> packages/voucher -> packages/signer",
    );
  });

  test.each([
    {
      name: "the curve's own sign",
      entry:
        'import { sign } from "@noble/ed25519";\nexport { verifyVoucher } from "@doorproof/verifier";\nexport const prove = (text, key) => sign(text, key);',
      folder: "packages/verifier",
      fault: "can sign or make keys: sign",
    },
    {
      name: "a key made by the curve's library",
      entry: 'import { keygen } from "@noble/ed25519";\nexport const make = () => keygen();',
      folder: "packages/verifier",
      fault: "can sign or make keys: keygen",
    },
    {
      name: "the platform's sign",
      entry: 'export const prove = (key, bytes) => crypto.subtle.sign("Ed25519", key, bytes);',
      folder: "packages/verifier",
      fault: "can sign or make keys: sign",
    },
    {
      name: "a module of the signer",
      entry: 'export { isTestKey } from "./src/test-keys.ts";',
      folder: "packages/signer",
      fault: "holds packages/signer/src/test-keys.ts",
    },
    {
      name: "a module of Node",
      entry: 'export { deriveShortCode } from "./src/short-code.ts";',
      folder: "packages/signer",
      fault: 'Could not resolve "node:crypto"',
    },
    {
      name: "cbor-x",
      entry: 'export { openManifest } from "@doorproof/verifier";',
      folder: "packages/verifier",
      fault: "holds node_modules/cbor-x/",
    },
    {
      name: "too many bytes",
      entry: 'export * from "@doorproof/verifier";',
      folder: "packages/verifier",
      fault: "bytes gzip, more than 10000",
    },
  ])("fails with $name inside", async ({ entry, folder, fault }) => {
    const { faults } = await checkVoucherDoor(entry, folder);
    expect(faults.join("\n")).toContain(fault);
  });
});

describe("what a verifier page starts", () => {
  test.each([
    {
      name: "the app that has a network",
      entry: 'import "./src/main.ts";',
      faults: ["holds apps/driver/src/sync/network.ts", "can ask a network: fetch", "can ask a network: serviceWorker"],
    },
    {
      name: "a fetch under another name",
      entry: 'import "./src/main.page.ts";\nconst { fetch: look } = globalThis;\nlook("/");',
      faults: ["can ask a network: fetch"],
    },
    {
      name: "a beacon spelled as a text",
      entry: 'import "./src/main.page.ts";\nnavigator["sendBeacon"]("/");',
      faults: ["can ask a network: sendBeacon"],
    },
  ])("is refused with $name inside", async ({ entry, faults }) => {
    const found = await checkPageDoor(entry);
    for (const fault of faults) expect(found.faults.join("\n")).toContain(`verifier page: ${fault}`);
  });
});

describe("documents", () => {
  const files = {
    ...CLEAN,
    "package.json": '{ "scripts": { "test": "vitest run" } }',
    "docs/format.md": "## Order of refusals\n\n`expired`",
    "packages/voucher/vectors/refused.json": '[{ "expect": { "code": "expired" } }]',
    "README.md": [
      "[order](docs/format.md#order-of-refusals) [folder](docs/) [web](https://example.org)",
      "<!-- run -->",
      "```ts",
      "process.exitCode = 0;",
      "```",
      "`npx -y pnpm@12.21.0 test`",
      "`apps/cli/src/main.ts`, `apps/cli/src/NAME.ts`, `apps/cli/src/`, `docs/SUBJECT/pages`, `src/*.ts`",
    ].join("\n"),
  };

  test("that say what is so have no fault of these kinds", async () => {
    const { faults } = await checkDocs(treeOf(files));
    expect(
      faults.filter((fault) => /expired|README\.md: (links|names|pnpm|its example|no example)/.test(fault)),
    ).toEqual([]);
  });

  test.each([
    { readme: "[order](docs/formats.md)", fault: "README.md: links to docs/formats.md, which is not there" },
    {
      readme: "[order](docs/format.md#disorder)",
      fault: "README.md: links to docs/format.md#disorder, which no heading",
    },
    { readme: "`apps/cli/src/gone.ts`", fault: "README.md: names apps/cli/src/gone.ts, which is not there" },
    { readme: "`apps/gone/NAME.ts`", fault: "README.md: names apps/gone/NAME.ts, which is not there" },
    { readme: "`src/gone.ts`", fault: "README.md: names src/gone.ts, which is not there" },
    { readme: "`pnpm try`", fault: "README.md: pnpm try is no script" },
    { readme: "", fault: "README.md: no example is marked" },
    {
      readme: "<!-- run -->\n```ts\nthrow new RangeError('gone');\n```",
      fault: "README.md: its example fails: RangeError: gone",
    },
    { readme: "<!-- run -->\n```sh\nfalse\n```", fault: "README.md: its example fails: Command failed" },
    { readme: "<!-- run -->\n```cobol\nSTOP RUN.\n```", fault: 'README.md: cannot run an example in "cobol"' },
  ])("README.md with $readme", async ({ readme, fault }) => {
    const { faults } = await checkDocs(treeOf({ ...files, "README.md": readme }));
    expect(faults.join("\n")).toContain(fault);
  });

  test("an example of the page that npm shows", async () => {
    const page = "# @doorproof/door\n<!-- run -->\n```ts\nthrow new RangeError('gone');\n```";
    const { faults } = await checkDocs(treeOf({ ...files, "packages/door/README.md": page }));
    expect(faults).toContain("packages/door/README.md: its example fails: RangeError: gone");
  });

  test("a page that npm shows without an example", async () => {
    const { faults } = await checkDocs(treeOf({ ...files, "packages/door/README.md": "# @doorproof/door" }));
    expect(faults).toContain("packages/door/README.md: no example is marked <!-- run -->");
  });

  test("a code that no page and no vector names", async () => {
    const { faults } = await checkDocs(treeOf(files));
    expect(faults).toContain("docs/format.md: does not name the code revoked");
    expect(faults).toContain("packages/voucher/vectors: no case ends in revoked");
  });

  test("a room without its page", async () => {
    expect((await checkDocs(treeOf(files))).faults).toContain("packages/voucher/README.md: does not exist");
  });
});

function treeOf(files: Readonly<Record<string, string>>): Tree {
  return { files: Object.keys(files).sort(), read: (path) => files[path] ?? "" };
}

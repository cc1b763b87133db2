import type { Check, Tree } from "./tree.ts";

/** A small repository in which every check passes: the ground on which tests break one rule at a time. */
export const CLEAN: Readonly<Record<string, string>> = {
  "packages/voucher/package.json":
    '{ "name": "@doorproof/voucher", "dependencies": { "@noble/hashes": "catalog:", "cbor-x": "catalog:" } }',
  "packages/voucher/src/cbor-write.ts": 'import { Encoder } from "cbor-x/index-no-eval";',
  "packages/voucher/src/index.ts": 'export { sha256 } from "@noble/hashes/sha2.js";\nexport * from "./cbor-write.ts";',
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

/** One broken rule, and the fault that is to be found. */
export type Breach = { name: string; check: Check; files: Record<string, string>; fault: string };

/** A tree of these files, that lies on no disk. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return { files: Object.keys(files).sort(), read: (path) => files[path] ?? "" };
}

import { expect, test } from "vitest";
import { type Breach, CLEAN, treeOf } from "./clean-tree.ts";
import { checkLayers } from "./layers.ts";

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
    files: { "packages/voucher/src/cbor-write.ts": 'import { Encoder } from "cbor-x";' },
    fault: "packages/voucher/src/cbor-write.ts:1: imports cbor-x",
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
    fault: "packages/voucher/src/cbor-write.ts:1: imports cbor-x/index-no-eval: its package.json does not name it",
  },
];

test.each(breaches)("$name", async ({ check, files, fault }) => {
  expect((await check(treeOf(CLEAN))).faults).toEqual([]);
  const { faults } = await check(treeOf({ ...CLEAN, ...files }));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
});

// npm installs what a manifest names, and what that names: the way there may be long, and no import need be written
// yet.
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

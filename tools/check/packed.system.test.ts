import { Package } from "@arethetypeswrong/core";
import { expect, test } from "vitest";
import { contents, judgePackage, judgeRooms } from "./packed.ts";

// Each breach stands in a package that passes without it, and is found for its reason.

const MANIFEST = {
  name: "@doorproof/door",
  version: "0.1.0",
  description: "A door",
  keywords: ["door"],
  license: "Apache-2.0",
  type: "module",
  sideEffects: false,
  engines: { node: ">=20.19" },
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
  imports: { "#lock": { node: "./dist/lock.node.js", default: "./dist/lock.js" } },
  publishConfig: { access: "public" },
  dependencies: { "@noble/hashes": "2.4.0" },
};

const ROOM = ["package.json", "README.md", "src/index.ts", "src/lock.ts", "src/lock.node.ts", "src/platform.d.ts"];

const compiled = (name: string, code: string, types: string) => ({
  [`dist/${name}.js`]: code,
  [`dist/${name}.d.ts`]: types,
  [`dist/${name}.js.map`]: '{ "version": 3, "sources": ["../src/x.ts"], "sourcesContent": ["…"], "mappings": "" }',
});

const CLEAN: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify(MANIFEST),
  "README.md": "# @doorproof/door\n\nA door.",
  LICENSE: "Apache License",
  ...compiled("index", 'export { open } from "./lock.js";', 'export { open } from "./lock.ts";'),
  ...compiled("lock", "export const open = () => true;", "export declare const open: () => boolean;"),
  ...compiled("lock.node", "export const open = () => true;", "export declare const open: () => boolean;"),
};

type Change = { files?: Record<string, string | null>; manifest?: Record<string, unknown>; room?: string[] };
type Breach = Change & { name: string; fault: string };

const breaches: readonly Breach[] = [
  { name: "a test", files: { "test/door.test.js": "" }, fault: "test/door.test.js: does not belong" },
  { name: "a source", files: { "src/index.ts": "" }, fault: "src/index.ts: does not belong" },
  { name: "the compiler's memory", files: { "dist/.tsbuildinfo": "{}" }, fault: "dist/.tsbuildinfo: does not belong" },
  { name: "what a source left that is gone", files: compiled("old", "", ""), fault: "dist/old.js: does not belong" },
  { name: "what makes the vectors", files: { "vectors/make.ts": "" }, fault: "vectors/make.ts: does not belong" },
  { name: "vectors left out", room: ["vectors/given.json"], fault: "vectors/given.json: is not in the tarball" },
  { name: "a source that was not built", room: ["src/key.ts"], fault: "dist/key.js: is not in the tarball" },
  { name: "no licence", files: { LICENSE: null }, fault: "LICENSE: is not in the tarball" },
  {
    name: "another page",
    files: { "README.md": "# Doorproof" },
    fault: "README.md: does not begin with the package's name",
  },
  {
    name: "a map whose sources stayed at home",
    files: { "dist/lock.js.map": '{ "version": 3, "sources": ["../src/lock.ts"], "mappings": "" }' },
    fault: "dist/lock.js.map: has no sources",
  },
  {
    name: "a platform's file that is not there",
    manifest: { imports: { "#lock": { node: "./src/lock.node.ts", default: "./dist/lock.js" } } },
    fault: "leads to ./src/lock.node.ts, which is not there",
  },
  { name: "the workspace", manifest: { dependencies: { a: "workspace:*" } }, fault: "takes a from workspace:*" },
  { name: "the catalog", manifest: { dependencies: { a: "catalog:" } }, fault: "takes a from catalog:" },
  { name: "a version to come", manifest: { peerDependencies: { a: "^2.4.0" } }, fault: "takes a from ^2.4.0" },
  { name: "side effects", manifest: { sideEffects: true }, fault: "sideEffects is not false" },
  { name: "a license unsaid", manifest: { license: undefined }, fault: "license is not Apache-2.0" },
  { name: "no words to be found by", manifest: { keywords: undefined }, fault: "says no keywords" },
  { name: "no door", manifest: { exports: undefined, main: "dist/index.js" }, fault: "has no exports" },
  { name: "a scope kept private", manifest: { publishConfig: {} }, fault: "would be published for its owner alone" },
  { name: "an install script", manifest: { scripts: { postinstall: "node x" } }, fault: "runs postinstall by itself" },
  {
    name: "conditions in an order that hides one",
    manifest: { exports: { ".": { default: "./dist/index.js", types: "./dist/index.d.ts" } } },
    fault: 'publint: pkg.exports["."].types should be the first',
  },
  {
    name: "CommonJS that says it is a module",
    files: { "dist/index.js": 'exports.open = require("./lock.js").open;' },
    fault: 'publint: pkg.exports["."].default is ./dist/index.js and is written in CJS',
  },
  {
    name: "types that do not resolve",
    files: { "dist/index.d.ts": 'export { open } from "./key.ts";' },
    fault: "attw: InternalResolutionError, bundler, /node_modules/@doorproof/door/dist/index.d.ts, ./key.ts",
  },
  {
    name: "no types",
    files: { "dist/lock.d.ts": null },
    manifest: { exports: { ".": "./dist/lock.js" } },
    fault: "attw: UntypedResolution, ",
  },
];

test("a package that keeps all of it has no fault", async () => {
  expect(await judge({})).toEqual([]);
});

test.each(breaches)("found: $name", async ({ fault, ...change }) => {
  const faults = await judge(change);
  expect(faults.join("\n")).toContain(`@doorproof/door: ${fault}`);
});

test("a room that is not packed is a fault", async () => {
  const tree = { files: ["packages/door/package.json"], read: () => JSON.stringify(MANIFEST) };
  expect(await judgeRooms(tree, [])).toEqual(["packages/door: was not packed"]);
});

function judge({ files = {}, manifest = {}, room = [] }: Change): Promise<readonly string[]> {
  const changed = { ...CLEAN, "package.json": JSON.stringify({ ...MANIFEST, ...manifest }), ...files };
  const packed = Object.entries(changed).flatMap(([path, text]) =>
    text === null ? [] : [[`/node_modules/${MANIFEST.name}/${path}`, text]],
  );
  const wanted = contents([...ROOM, ...room]);
  return judgePackage(new Package(Object.fromEntries(packed), MANIFEST.name, MANIFEST.version), wanted);
}

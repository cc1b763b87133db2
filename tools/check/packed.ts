// People do not install what is tested here: pnpm publishes another manifest, and a list of files decides what goes
// with it. So the tarball itself is judged, for paths that lead nowhere, for private files and for stale ones: what was
// published cannot be taken back.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData, type Package } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packAll } from "../packed/pack.ts";
import { leaves } from "./layers.ts";
import { type Finding, manifestOf, publishedRooms, type Tree } from "./tree.ts";

export async function checkPacked(tree: Tree): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), "doorproof-packed-"));
  try {
    const tarballs = await Promise.all((await packAll(folder)).map((path) => readFile(path)));
    const packages = tarballs.map((tarball) => createPackageFromTarballData(tarball));
    return {
      faults: await judgeRooms(tree, packages),
      note: packages.map((packed) => `${packed.packageName}: ${packed.listFiles().length} files`).join("; "),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Every room that is published, against the tarball that bears its name. */
export async function judgeRooms(tree: Tree, packages: readonly Package[]): Promise<readonly string[]> {
  const judged = publishedRooms(tree).map(async (room) => {
    const { name } = manifestOf(tree, room);
    const packed = packages.find(({ packageName }) => packageName === name);
    const files = tree.files.filter((path) => path.startsWith(`${room}/`)).map((path) => path.slice(room.length + 1));
    return packed ? judgePackage(packed, contents(files)) : [`${room}: was not packed`];
  });
  return (await Promise.all(judged)).flat();
}

/** What a tarball is to hold, of a room that has these files: nothing less, and nothing more. */
export function contents(files: readonly string[]): readonly string[] {
  const sources = files.flatMap((path) => /^src\/(?!.*\.d\.ts$)(.+)\.ts$/.exec(path)?.[1] ?? []);
  return [
    "LICENSE",
    "README.md",
    "package.json",
    ...sources.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`, `dist/${name}.js.map`]),
    // For implementers in any language; the generator is not published.
    ...files.filter((path) => /^vectors\/[^/]+\.(json|md)$/.test(path)),
  ];
}

/** A tarball, compared with what it should hold. */
export async function judgePackage(packed: Package, wanted: readonly string[]): Promise<readonly string[]> {
  const root = `/node_modules/${packed.packageName}/`;
  const files = packed.listFiles().map((path) => path.slice(root.length));
  const read = (path: string) => packed.tryReadFile(root + path) ?? "";
  const manifest = JSON.parse(read("package.json")) as Manifest;
  return [
    ...wanted.filter((path) => !files.includes(path)).map((path) => `${path}: is not in the tarball`),
    ...files.filter((path) => !wanted.includes(path)).map((path) => `${path}: does not belong in the tarball`),
    ...files
      .filter((path) => path.endsWith(".map") && !holdsSources(read(path)))
      .map((path) => `${path}: has no sources`),
    ...judgeManifest(manifest, files),
    ...(read("README.md").startsWith(`# ${manifest.name}\n`)
      ? []
      : ["README.md: does not begin with the package's name"]),
    ...(await publintSays(files, read)),
    ...(await typesSay(packed)),
  ].map((fault) => `${packed.packageName}: ${fault}`);
}

// Sources are not shipped, so a debugger finds them only inside the map.
function holdsSources(map: string): boolean {
  const { sourcesContent } = JSON.parse(map) as { sourcesContent?: (string | null)[] };
  return sourcesContent !== undefined && sourcesContent.length > 0 && sourcesContent.every((text) => text !== null);
}

interface Manifest {
  readonly [member: string]: unknown;
  readonly name: string;
  readonly exports?: unknown;
  readonly imports?: unknown;
  readonly scripts?: Record<string, string>;
  readonly dependencies?: Record<string, string>;
}

const SAID: Readonly<Record<string, unknown>> = { type: "module", sideEffects: false, license: "Apache-2.0" };
const WORDS = ["description", "version", "keywords", "engines"];
const BY_ITSELF = /^(pre|post)?(install|prepare|uninstall)$/;

function judgeManifest(manifest: Manifest, files: readonly string[]): readonly string[] {
  const { name: _, exports, imports = {}, scripts = {}, ...rest } = manifest;
  const targets = leaves({ exports, imports });
  const access = (rest["publishConfig"] as { access?: string } | undefined)?.access;
  return [
    ...Object.entries(SAID)
      .filter(([member, value]) => rest[member] !== value)
      .map(([member, value]) => `${member} is not ${value}`),
    ...WORDS.filter((member) => rest[member] === undefined).map((member) => `says no ${member}`),
    ...(exports === undefined ? ["has no exports: every file would be a door"] : []),
    ...targets
      .filter((path) => !files.includes(path.replace(/^\.\//, "")))
      .map((path) => `leads to ${path}, which is not there`),
    // npm publishes a scoped package as a private one, unless told otherwise.
    ...(access === "public" ? [] : ["would be published for its owner alone"]),
    ...Object.keys(scripts)
      .filter((script) => BY_ITSELF.test(script))
      .map((script) => `runs ${script} by itself`),
    ...unpublished(rest),
  ];
}

// Whoever installs it has neither this workspace nor its catalog, so exact versions must stand in their place.
function unpublished(rest: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(rest).flatMap(([member, value]) => {
    if (!/ependencies$/.test(member)) return [];
    return Object.entries(value as Record<string, string>)
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
      .map(([name, version]) => `takes ${name} from ${version}`);
  });
}

async function publintSays(files: readonly string[], read: (path: string) => string): Promise<readonly string[]> {
  const unpacked = files.map((name) => ({ name: `package/${name}`, data: read(name) }));
  const { messages, pkg } = await publint({ pkgDir: "package", pack: { files: unpacked }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}

/** As attw's profile esm-only: there are no types for Node 10's resolution or for CommonJS. */
const NOT_PROMISED = ["node10", "node16-cjs"];

async function typesSay(packed: Package): Promise<readonly string[]> {
  const { types, ...analysis } = await checkPackage(packed);
  if (types === false || !("problems" in analysis)) return ["attw: has no types"];
  return analysis.problems
    .filter((problem) => !("resolutionKind" in problem && NOT_PROMISED.includes(problem.resolutionKind)))
    .map(
      (problem) =>
        `attw: ${Object.values(problem)
          .filter((value) => typeof value === "string")
          .join(", ")}`,
    );
}

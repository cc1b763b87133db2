// A driver's phone must not carry code that makes vouchers. One import of the signer in the verifier is enough to break
// that, be it of a type, in a package.json or forgotten after a test. So every import is compared with the table.

import { matchesGlob, posix } from "node:path";
import type { Room } from "./room.ts";
import { readSource, SOURCE_FILE, type Source } from "./source.ts";
import { TABLE } from "./table.ts";
import { type Finding, manifestOf, rooms, type Tree } from "./tree.ts";

export function checkLayers(tree: Tree): Finding {
  const unknown = rooms(tree).filter((folder) => !TABLE.some((room) => room.folder === folder));
  const files = tree.files.filter((path) => /^(packages|apps)\//.test(path) && SOURCE_FILE.test(path));
  const sources = files.map((path) => readSource(path, tree.read(path)));
  const faults = [
    ...unknown.map((folder) => `${folder}: no room of the import table`),
    ...TABLE.flatMap((room) => [
      ...sources.filter(({ path }) => isIn(room, path)).flatMap((source) => judgeSource(room, source, tree)),
      ...judgeManifest(room, tree),
      ...judgeClosure(room, tree),
    ]),
  ];
  const imports = sources.reduce((sum, source) => sum + source.imports.length, 0);
  return { faults, note: `${imports} imports in ${files.length} files of ${TABLE.length} rooms` };
}

function judgeSource(room: Room, { path, imports, errors }: Source, tree: Tree): readonly string[] {
  if (errors.length > 0) return [`${path}: cannot be parsed: ${errors[0]}`];
  const rows = room.rows.filter(({ files }) => matchesGlob(path, `${room.folder}/${files}`));
  if (rows.length === 0) return [`${path}: no row of the import table names this place in ${room.folder}`];
  const may = rows.flatMap((row) => row.may);
  return imports.flatMap(({ specifier, line }) => {
    if (specifier === null) return [`${path}:${line}: a computed import: nobody can tell what it names`];
    const target = specifier.startsWith(".") ? `/${posix.join(posix.dirname(path), specifier)}` : specifier;
    const reason = forbidden(room, may, target) ?? phantom(room, path, target, tree);
    return reason === null ? [] : [`${path}:${line}: imports ${specifier}: ${reason}`];
  });
}

function forbidden(room: Room, may: readonly string[], target: string): string | null {
  if (/^\/.*\/src\/main\.[\w.]+$/.test(target)) return "a main.* wires everything and is imported by nobody";
  const allowed = may.some((pattern) => matches(target, pattern.replace(/^\.\//, `/${room.folder}/`)));
  return allowed ? null : `not in the import table: ${room.folder}: ${room.because}`;
}

function matches(target: string, pattern: string): boolean {
  // "@noble/hashes/**" means the package itself too, and "node:**" every module of Node.
  const prefix = /^([^*{]*)\*\*$/.exec(pattern)?.[1];
  if (prefix !== undefined) return target.startsWith(prefix) || `${target}/` === prefix;
  return target === pattern || matchesGlob(target, pattern);
}

// A dependency of the root alone is found from every room here, and is missing where somebody installs the package.
function phantom(room: Room, path: string, target: string, tree: Tree): string | null {
  if (!path.startsWith(`${room.folder}/src/`) || /^(\/|#|node:)/.test(target)) return null;
  return packageName(target) in (manifest(room, tree).dependencies ?? {}) ? null : "its package.json does not name it";
}

function judgeManifest(room: Room, tree: Tree): readonly string[] {
  const path = `${room.folder}/package.json`;
  const { imports = {}, devDependencies = {}, ...rest } = manifest(room, tree);
  const dependencies = { ...rest.dependencies, ...rest.optionalDependencies, ...rest.peerDependencies };
  const shipped = permitted(room.rows.filter(({ files }) => files.startsWith("src/")));
  const tested = permitted(room.rows);
  return [
    ...Object.keys(dependencies)
      .filter((name) => !shipped.some((pattern) => matches(name, pattern)))
      .map((name) => `${path}: depends on ${name}: no file of ${room.folder}/src may import it: ${room.because}`),
    ...Object.keys(devDependencies)
      .filter((name) => !tested.some((pattern) => matches(name.replace(/^@types\//, ""), pattern)))
      .map((name) => `${path}: develops with ${name}: no file of ${room.folder} may import it`),
    // An alias (`npm:other@1`) would let any package past the table.
    ...Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => version !== "catalog:" && version !== "workspace:*")
      .map(
        ([name, version]) => `${path}: takes ${name} from ${version}: only catalog: and workspace:* are what they say`,
      ),
    ...leaves(imports)
      .filter((target) => !target.startsWith("./src/"))
      .map((target) => `${path}: its "imports" lead to ${target}: only its own files`),
  ];
}

// What is installed with a room is what its manifest names, and what theirs name. Lazy imports only promise; this is
// what npm does.
function judgeClosure({ folder, never = [] }: Room, tree: Tree): readonly string[] {
  const reached = closureOf(folder, tree);
  return never.flatMap((room) => {
    const path = reached.get(room);
    return path === undefined ? [] : [`${folder}/package.json: brings ${room} along: ${path.join(" -> ")}`];
  });
}

/** Every room of the workspace that a room depends on, with the way there. */
function closureOf(folder: string, tree: Tree): ReadonlyMap<string, readonly string[]> {
  const named = new Map(rooms(tree).map((room) => [manifestOf(tree, room)["name"], room]));
  const reached = new Map<string, readonly string[]>([[folder, [folder]]]);
  // A map goes on to what is added while it is walked.
  for (const [room, path] of reached) {
    const { dependencies, optionalDependencies, peerDependencies }: Manifest = manifestOf(tree, room);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const next = named.get(name);
      if (next !== undefined && !reached.has(next)) reached.set(next, [...path, next]);
    }
  }
  return reached;
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly imports?: unknown;
}

function manifest({ folder }: Room, tree: Tree): Manifest {
  const path = `${folder}/package.json`;
  return tree.files.includes(path) ? (JSON.parse(tree.read(path)) as Manifest) : {};
}

function permitted(rows: Room["rows"]): readonly string[] {
  return rows.flatMap(({ may }) => may).map(packageName);
}

/** `@noble/hashes` of `@noble/hashes/sha2.js`; a whole scope, as `@fastify/**`, stays a pattern. */
function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Every path at the end of "exports" or "imports", whatever its conditions. */
export function leaves(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}

function isIn({ folder }: Room, path: string): boolean {
  return path.startsWith(`${folder}/`);
}

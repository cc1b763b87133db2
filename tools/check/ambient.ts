// A clock, a random number or an environment variable that enters below main.* cannot be handed in by a test, by a
// device with a wrong clock, or by an auditor. Packages have none at all. `new Date(value)` only computes and is
// allowed.

import type { Node } from "oxc-parser";
import { literal, named, readSource, SOURCE_FILE, type Source } from "./source.ts";
import type { Finding, Tree } from "./tree.ts";

/**
 * Of these globals the members listed here are refused, or every one, and so is the global by itself, which could be
 * kept under another name. A process is refused whole: its streams, signals and end are a test's to hand in, as its
 * environment is.
 */
const SOURCES: Readonly<Record<string, readonly string[] | "every">> = {
  Date: ["now"],
  performance: ["now", "timeOrigin"],
  Math: ["random"],
  crypto: ["getRandomValues", "randomUUID"],
  process: "every",
  globalThis: [],
};

/** The same by import, from any module. */
const IMPORTED =
  /^(randomBytes|randomInt|randomUUID|randomFill|randomFillSync|getRandomValues|webcrypto|env|hrtime|performance)$/;

export function checkAmbient(tree: Tree): Finding {
  const files = tree.files.filter(
    (path) =>
      /^(packages|apps)\/[^/]+\/src\//.test(path) && SOURCE_FILE.test(path) && !/\/src\/main\.[\w.]+$/.test(path),
  );
  return {
    faults: files.flatMap((path) => ambientIn(readSource(path, tree.read(path)))),
    note: `clock, randomness and process enter in main.* alone (${files.length} files without)`,
  };
}

function ambientIn(source: Source): readonly string[] {
  const faults: string[] = [];
  const namespaces = new Set<string>();
  source.walk((node, parent, key) => {
    if (node.type === "ImportDeclaration") for (const name of cryptoNamespaces(node)) namespaces.add(name);
    const found = ambient(node, parent, key, namespaces);
    if (found !== null) faults.push(`${source.path}:${source.line(node)}: ${found}: hand it in from main.*`);
  });
  return faults;
}

function ambient(node: Node, parent: Node | null, key: string, namespaces: ReadonlySet<string>): string | null {
  if (node.type === "ImportDeclaration" && /^(node:)?process$/.test(literal(node.source) ?? ""))
    return "imports process";
  if (node.type === "ImportSpecifier") {
    const name = node.imported.type === "Identifier" ? node.imported.name : node.imported.value;
    const own = parent?.type === "ImportDeclaration" && parent.source.value.startsWith(".");
    return IMPORTED.test(name) && !own ? `imports ${name}` : null;
  }
  if (node.type === "MemberExpression") {
    const member = named(node);
    const { object } = node;
    const isNamespace = object.type === "Identifier" && namespaces.has(object.name);
    if (isNamespace && (member === null || IMPORTED.test(member))) return `${object.name}.${member ?? "[computed]"}`;
    const owner = globalOf(object);
    const refused = owner === null ? [] : (SOURCES[owner] ?? []);
    if (owner !== null && (member === null || refused === "every" || refused.includes(member)))
      return `${owner}.${member ?? "[computed]"}`;
  }
  const global = globalOf(node);
  return global !== null && isBare(parent, key) ? `${global}, which tells the time or is renamed here` : null;
}

/** `Date` of `Date` and of `globalThis.Date`. */
function globalOf(node: Node): string | null {
  if (node.type !== "Identifier" && !(node.type === "MemberExpression" && named(node.object) === "globalThis"))
    return null;
  const name = named(node);
  return name !== null && Object.hasOwn(SOURCES, name) ? name : null;
}

// Names of members, types, parameters and imports are not the global; `new Date(value)` and `instanceof Date` ask no
// clock.
function isBare(parent: Node | null, key: string): boolean {
  if (key === "params" || key === "id") return false;
  switch (parent?.type) {
    case "MemberExpression":
      return parent.computed && key === "property";
    case "NewExpression":
      return !(key === "callee" && parent.arguments.length > 0 && parent.arguments[0]?.type !== "SpreadElement");
    case "BinaryExpression":
      return parent.operator !== "instanceof";
    case "UnaryExpression":
      return parent.operator !== "typeof";
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
      return key === "value";
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
      return true;
    default:
      return parent !== null && !/^(TS|Import|ExportSpecifier)/.test(parent.type);
  }
}

function cryptoNamespaces(declaration: Extract<Node, { type: "ImportDeclaration" }>): readonly string[] {
  if (!/^(node:)?(crypto|process|perf_hooks)$/.test(literal(declaration.source) ?? "")) return [];
  return declaration.specifiers.filter(({ type }) => type !== "ImportSpecifier").map(({ local }) => local.name);
}

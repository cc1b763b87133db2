import { type Node, parseSync, visitorKeys } from "oxc-parser";

/** A source file, parsed: a regular expression would take code in comments and strings for code. */
export interface Source {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly comments: readonly Comment[];
  /** What the parser could not read; nothing else is known of such a file. */
  readonly errors: readonly string[];
  /** Every node, with its parent and the name that it has there. */
  walk(visit: Visit): void;
  line(node: Place): number;
  /** What the doc comment right above a node says, without its stars; empty where there is none. */
  doc(node: Place): string;
}

export interface Import {
  /** null: computed at run time, so that nobody can tell what it names. */
  readonly specifier: string | null;
  readonly line: number;
}

/** Without its slashes and stars. */
export interface Comment {
  readonly text: string;
  readonly line: number;
}

export type Visit = (node: Node, parent: Node | null, key: string) => void;

interface Place {
  readonly start: number;
}

export const SOURCE_FILE = /\.[cm]?[jt]sx?$/;

/**
 * Reads every way in which a file can name another: static, dynamic, `export from`, types, `require`, workers,
 * triple-slash references.
 */
export function readSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text);
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  const line = ({ start }: Place) => countBelow(ends, start) + 1;
  const walk = (visit: Visit) => walkFrom(program, null, "", visit);
  const doc = ({ start }: Place) => {
    const above = comments.findLast(({ end }) => end <= start && text.slice(end, start).trim() === "");
    return above?.type === "Block" && above.value.startsWith("*") ? above.value.replace(/^[\s*]+/gm, "").trim() : "";
  };
  const imports: Import[] = [];
  for (const comment of comments) {
    const named = /^\/\s*<reference\s+(?:types|path)\s*=\s*["']([^"']+)/.exec(comment.value)?.[1];
    if (named !== undefined) imports.push({ specifier: named, line: line(comment) });
  }
  walk((node) => {
    const named = importedBy(node);
    if (named === undefined) return;
    const specifier = literal(named);
    // new URL("a.ts", base) is relative without "./".
    const isBareUrl = node.type === "NewExpression" && specifier !== null && !specifier.startsWith(".");
    imports.push({ specifier: isBareUrl ? `./${specifier}` : specifier, line: line(node) });
  });
  const written = comments.map((comment) => ({ text: comment.value, line: line(comment) }));
  return { path, imports, comments: written, walk, line, doc, errors: errors.map(({ message }) => message) };
}

/** The text of a string literal or of a template without holes. */
export function literal(node: Node | null | undefined): string | null {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type === "TemplateLiteral" && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? null;
  return null;
}

/** The expression that names the module; undefined where a node imports nothing, null where it is left out. */
function importedBy(node: Node): Node | null | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return node.source;
    case "ExportNamedDeclaration":
      return node.source ?? undefined;
    case "TSExternalModuleReference":
      return node.expression;
    case "CallExpression":
      return loads(node.callee) ? (node.arguments[0] ?? null) : undefined;
    case "NewExpression":
      return isWorker(node) ? node.arguments[0] : undefined;
    default:
      return undefined;
  }
}

function loads(callee: Node): boolean {
  const owner = callee.type === "MemberExpression" ? callee.object : callee;
  return (
    named(owner) === "require" || ["createRequire", "getBuiltinModule", "mainModule"].includes(named(callee) ?? "")
  );
}

// new URL("./scan.worker.ts", import.meta.url): how bundlers find a worker. Of other files it is only an address.
function isWorker({ callee, arguments: [file, base] }: Extract<Node, { type: "NewExpression" }>): boolean {
  return named(callee) === "URL" && base?.type === "MemberExpression" && SOURCE_FILE.test(literal(file) ?? "");
}

/** `x` of `x`, of `a.x` and of `a["x"]`. */
export function named(node: Node): string | null {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression") return null;
  return node.computed ? literal(node.property) : named(node.property);
}

/** How many of these are below the limit: asked of each name in a file, so not one by one. */
function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function walkFrom(node: Node, parent: Node | null, key: string, visit: Visit): void {
  visit(node, parent, key);
  for (const name of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, unknown>)[name];
    for (const item of Array.isArray(child) ? child : [child]) {
      if (isNode(item)) walkFrom(item, node, name, visit);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

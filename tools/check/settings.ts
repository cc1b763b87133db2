// A setting that no page names is found only in the source, and one that a page still names is set in vain. So the
// tables of docs/operations.md and the code are compared both ways, by name and default, and the configuration itself
// reads each example.

import type { Node } from "oxc-parser";
import { ConfigError, readConfig } from "../../apps/issuer/src/config.ts";
import { literal, named, readSource, SOURCE_FILE, type Source } from "./source.ts";
import type { Finding, Tree } from "./tree.ts";

const PAGE = "docs/operations.md";

export function checkSettings(tree: Tree): Finding {
  const rows = readTables(tree.files.includes(PAGE) ? tree.read(PAGE) : "");
  const read = settingsOf(tree);
  return {
    faults: [
      ...[...read.keys()].filter((name) => !rows.some((row) => row.name === name)).map((name) => unnamed(name, read)),
      ...rows.flatMap((row) => judgeRow(row, read)),
    ],
    note: `${rows.length} settings as ${PAGE} has them`,
  };
}

interface Row {
  readonly name: string;
  /** As written, with its backticks. */
  readonly standard: string;
  readonly example: string;
}

function unnamed(name: string, read: ReadonlyMap<string, Setting>): string {
  return `${PAGE}: does not name ${name}, which ${read.get(name)?.place} reads`;
}

function judgeRow({ name, standard, example }: Row, read: ReadonlyMap<string, Setting>): readonly string[] {
  const setting = read.get(name);
  if (!setting && name !== READ_BY_NODE) return [`${PAGE}: names ${name}, which nothing reads`];
  const plain = /^`([^`]*)`$/.exec(standard)?.[1] ?? null;
  const refused = refuses(name, example.replaceAll("`", ""));
  return [
    ...(setting?.standard === undefined || (plain ?? "") === setting.standard
      ? []
      : [`${PAGE}: the default of ${name} is "${setting.standard}", not ${standard}`]),
    ...(refused === null ? [] : [`${PAGE}: the example of ${name} is refused: ${refused}`]),
  ];
}

/** No file of ours reads it: Node makes of it the zone that Intl answers with. */
const READ_BY_NODE = "TZ";
/** Where programs are found: a setting of the machine, and none of ours. */
const OF_THE_MACHINE = "PATH";

/** Names whose value the configuration can judge without the machine's files. */
const JUDGED = /^(?:PUBLIC_URL|HOST|PORT|TRUST_PROXY|DEFAULT_COUNTRY|SMS_GATEWAY|LOG_LEVEL)$/;

function refuses(name: string, example: string): string | null {
  if (!JUDGED.test(name)) return null;
  try {
    readConfig({ KEYS_DIR: "no such folder", [name]: example });
    return null;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.find((fault) => fault.startsWith(`${name}: `)) ?? null;
  }
}

/** The rows under each heading row of this form, wherever it stands on the page. */
function readTables(page: string): readonly Row[] {
  return [...page.matchAll(/^\| name \| default \|.*\n\| --- .*\n((?:\|.*\n)*)/gm)]
    .flatMap(([, body = ""]) => body.trim().split("\n"))
    .map((line) => {
      const [name = "", standard = "", , example = ""] = line
        .split("|")
        .slice(1)
        .map((cell) => cell.trim());
      return { name: name.replaceAll("`", ""), standard, example };
    });
}

interface Setting {
  /** The file that reads it first. */
  readonly place: string;
  /** As text; empty: the configuration has none, or computes it; undefined: no schema says. */
  readonly standard: string | undefined;
}

/** A name, and its default. */
type Read = readonly [string, string | undefined];

const SETTING = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
const ENVIRONMENT = /^(?:environment|env|variables)$/;

function settingsOf(tree: Tree): ReadonlyMap<string, Setting> {
  const found = new Map<string, Setting>();
  const files = tree.files.filter((path) => /^(?:apps\/[^/]+\/src|tools)\//.test(path) && SOURCE_FILE.test(path));
  for (const source of files
    .filter((path) => !path.includes(".test."))
    .map((path) => readSource(path, tree.read(path))))
    for (const [name, standard] of readBy(source))
      if (!found.has(name) || standard !== undefined) found.set(name, { place: source.path, standard });
  return found;
}

function readBy(source: Source): readonly Read[] {
  const found: Read[] = [];
  const lists: string[] = [];
  const suffixes = new Set<string>();
  source.walk((node, parent, key) => {
    // environment["PORT"], process.env.PORT; but not process.env.TMPDIR = …
    const isRead = !(parent?.type === "AssignmentExpression" && key === "left");
    if (node.type === "MemberExpression" && isRead && ENVIRONMENT.test(named(node.object) ?? "")) {
      const name = named(node) ?? "";
      const suffix = suffixOf(node.property);
      if (SETTING.test(name) && name !== OF_THE_MACHINE) found.push([name, undefined]);
      if (suffix !== null) suffixes.add(suffix);
    }
    if (node.type !== "VariableDeclarator") return;
    // const Environment = Type.Object({ PORT: Type.Integer({ default: 8080 }) })
    if (named(node.id) === "Environment") found.push(...ofSchema(node.init));
    // const NAMES = ["CODE_SECRET", …] as const
    if (/NAMES$/.test(named(node.id) ?? "")) lists.push(...texts(node.init));
  });
  // Names in a list are settings where the environment is asked by a name made of them: environment[`${name}_FILE`].
  const endings = suffixes.size > 0 ? ["", ...suffixes] : [];
  return [...found, ...lists.flatMap((name) => endings.map((ending): Read => [name + ending, undefined]))];
}

/** `_FILE` of `${name}_FILE`. */
function suffixOf(node: Node): string | null {
  if (node.type !== "TemplateLiteral" || node.expressions.length !== 1) return null;
  const [head, tail] = node.quasis.map(({ value }) => value.cooked);
  return head === "" && tail !== undefined && tail !== null ? tail : null;
}

function ofSchema(node: Node | null): readonly Read[] {
  if (node?.type !== "CallExpression") return [];
  return propertiesOf(node.arguments[0]).map(([name, value]) => [name, defaultOf(value) ?? ""]);
}

// However deep: Type.Optional(Type.String({ default: … })).
function defaultOf(node: Node | undefined): string | undefined {
  if (node?.type !== "CallExpression") return undefined;
  for (const argument of node.arguments) {
    const own = propertiesOf(argument).find(([name]) => name === "default")?.[1];
    if (own?.type === "Literal") return String(own.value);
    const inner = defaultOf(argument);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function propertiesOf(node: Node | undefined): readonly (readonly [string, Node])[] {
  if (node?.type !== "ObjectExpression") return [];
  return node.properties.flatMap((property) =>
    property.type === "Property" ? [[named(property.key) ?? literal(property.key) ?? "", property.value] as const] : [],
  );
}

function texts(node: Node | null): readonly string[] {
  const list = node?.type === "TSAsExpression" ? node.expression : node;
  if (list?.type !== "ArrayExpression") return [];
  return list.elements.flatMap((element) => literal(element) ?? []).filter((text) => SETTING.test(text));
}

import type { Node } from "oxc-parser";
import { wordsOf } from "./glossary.ts";
import { literal, readSource, SOURCE_FILE } from "./source.ts";

/** A name that a file declares, or a line of what it tells people. */
export interface Said {
  readonly path: string;
  readonly line: number;
  readonly kind: "name" | "prose";
  readonly whole: string;
  /** Its words in lower case: `signKeyList` has three. */
  readonly words: readonly string[];
  /** The name of a function, so that its first word says what is done. */
  readonly isVerb: boolean;
}

/** Texts of others, generated files and data. */
const SKIPPED = /(^|\/)(LICENSE[^/]*|pnpm-lock\.yaml|vectors\/.*\.json)$|\.(json|csv|svg|png|cbor|cose|sqlite)$/;

/**
 * Everything in a file that has a word in it: a file's own name, the names that it declares, comments, sentences; a
 * page without its code.
 */
export function saidIn(path: string, read: () => string): readonly Said[] {
  if (SKIPPED.test(path)) return [];
  const named = path.split("/").map((part) => name(path, 1, part.replace(/\..*$/, "")));
  if (SOURCE_FILE.test(path)) return [...named, ...saidInSource(path, read())];
  const text = path.endsWith(".md") ? withoutCode(read()) : path.endsWith(".css") ? onlyComments(read()) : read();
  return [...named, ...prose(path, 1, text)];
}

function saidInSource(path: string, text: string): readonly Said[] {
  const source = readSource(path, text);
  const found: Said[] = source.comments.flatMap((comment) => prose(path, comment.line, comment.text));
  source.walk((node, parent, key) => {
    const declared = declaredBy(node, parent, key);
    if (declared !== null) found.push(name(path, source.line(node), declared, isFunction(node, parent, key)));
    const written = node.type === "TemplateElement" ? node.value.cooked : literalOf(node);
    if (written === null || written === undefined) return;
    // One word, or some with hyphens, is a code that programs compare; with a space it is a sentence that somebody
    // reads.
    if (/^[a-z]+(-[a-z]+)*$/.test(written)) found.push(name(path, source.line(node), written));
    else if (/\p{L} |\s\p{L}/u.test(written)) found.push(...prose(path, source.line(node), written));
  });
  return found;
}

function literalOf(node: Node): string | null {
  if (node.type === "JSXText") return node.value;
  return node.type === "Literal" ? literal(node) : null;
}

/**
 * The name that a node gives to something; null where it only uses one, or an import's, whose own file answers for it.
 */
function declaredBy(node: Node, parent: Node | null, key: string): string | null {
  if (node.type !== "Identifier" && node.type !== "PrivateIdentifier") return null;
  switch (parent?.type) {
    case "VariableDeclarator":
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ClassDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSInterfaceDeclaration":
    case "TSFunctionType":
    case "TSMethodSignature":
      return key === "id" || key === "params" || (key === "key" && !isComputed(parent)) ? node.name : null;
    case "AssignmentPattern":
      return key === "left" ? node.name : null;
    case "RestElement":
    case "ArrayPattern":
      return node.name;
    case "Property":
      // Of { order } and { order: delivery } only what is made here: a pattern takes apart what another named.
      return key === "key" && !parent.computed ? node.name : null;
    case "PropertyDefinition":
    case "MethodDefinition":
    case "TSPropertySignature":
      return key === "key" && !isComputed(parent) ? node.name : null;
    default:
      return null;
  }
}

function isFunction(node: Node, parent: Node | null, key: string): boolean {
  switch (parent?.type) {
    case "FunctionDeclaration":
      return key === "id";
    case "MethodDefinition":
    case "TSMethodSignature":
      return key === "key";
    case "VariableDeclarator":
      return key === "id" && isFunctionValue(parent.init);
    case "Property":
    case "PropertyDefinition":
      return key === "key" && node !== parent.value && isFunctionValue(parent.value);
    default:
      return false;
  }
}

function isFunctionValue(node: Node | null): boolean {
  return node?.type === "ArrowFunctionExpression" || node?.type === "FunctionExpression";
}

function isComputed(node: Node): boolean {
  return "computed" in node && node.computed === true;
}

function name(path: string, line: number, whole: string, isVerb = false): Said {
  return { path, line, kind: "name", whole, words: wordsOf(whole), isVerb };
}

function prose(path: string, first: number, text: string): readonly Said[] {
  return text.split("\n").flatMap((whole, at) => {
    const words = wordsOf(whole.replace(CODE, " ").replace(/[a-z]+[A-Z]\w*/g, " "));
    return words.length === 0
      ? []
      : [{ path, line: first + at, kind: "prose", whole: whole.trim(), words, isVerb: false }];
  });
}

const CODE = /`[^`\n]+`|\{@link [^}]*\}/g;

// Lines stay where they are, so that a fault names the right one.
function withoutCode(page: string): string {
  return page.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ""));
}

function onlyComments(style: string): string {
  return style.replace(/\/\*[\s\S]*?\*\/|[^\n]/g, (found) => (found.length > 1 ? found : ""));
}

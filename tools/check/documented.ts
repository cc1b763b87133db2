// Whoever installs a package sees its declarations and not its source: what an export takes, returns and throws must
// stand in its doc comment.

import { posix } from "node:path";
import type { Node } from "oxc-parser";
import { leaves } from "./layers.ts";
import { literal, readSource } from "./source.ts";
import { type Finding, manifestOf, publishedRooms, type Tree } from "./tree.ts";

export function checkDocumented(tree: Tree): Finding {
  const doors = publishedRooms(tree).flatMap((room) =>
    leaves(manifestOf(tree, room)["exports"] ?? "./src/index.ts").map((path) => posix.join(room, path)),
  );
  const found = doors.map((door) => ({ door, exports: exportsOf(tree, door) }));
  return {
    faults: found.flatMap(({ door, exports }) => [
      ...(exports.length > 0 ? [] : [`${door}: exports nothing`]),
      ...exports
        .filter(({ doc }) => doc === "")
        .map(({ place, name }) => `${place}: ${name} is exported and not explained`),
    ]),
    note: `${found.flatMap(({ exports }) => exports).length} exports at ${doors.length} doors explained`,
  };
}

interface Export {
  readonly name: string;
  readonly place: string;
  /** Of the declaration itself, wherever it stands; empty where it has none or cannot be found. */
  readonly doc: string;
}

function exportsOf(tree: Tree, path: string): readonly Export[] {
  const found: Export[] = [];
  const source = readSource(path, tree.files.includes(path) ? tree.read(path) : "");
  source.walk((node, parent) => {
    if (parent?.type !== "Program") return;
    const place = `${path}:${source.line(node)}`;
    // Refused: such a line does not show what it exports, and exports more when the other file does.
    if (node.type === "ExportAllDeclaration") found.push({ name: `all of ${node.source.value}`, place, doc: "" });
    if (node.type !== "ExportNamedDeclaration") return;
    for (const name of declared(node.declaration)) found.push({ name, place, doc: source.doc(node) });
    if (node.specifiers.length === 0) return;
    const origin = node.source ? exportsOf(tree, posix.join(posix.dirname(path), node.source.value)) : [];
    for (const { local, exported } of node.specifiers) {
      const declaration = origin.find(({ name }) => name === nameOf(local));
      found.push({ place, doc: "", ...declaration, name: nameOf(exported) });
    }
  });
  return found;
}

function declared(declaration: Node | null): readonly string[] {
  if (declaration?.type === "VariableDeclaration") return declaration.declarations.map(({ id }) => nameOf(id));
  return declaration !== null && "id" in declaration && declaration.id ? [nameOf(declaration.id as Node)] : [];
}

function nameOf(node: Node): string {
  return node.type === "Identifier" ? node.name : (literal(node) ?? "?");
}

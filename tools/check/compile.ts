// Compiles all rooms and tests against each room's published declarations, since a type error there is found only by
// whoever imports the package.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Finding, ROOT, rooms, type Tree } from "./tree.ts";

const run = promisify(execFile);

const BIN = join(ROOT, "node_modules", ".bin");
const maxBuffer = 64 * 1024 * 1024;

export async function checkTypes(tree: Tree): Promise<Finding> {
  const listed = tree.read("tsconfig.json");
  // The last one is for editors, which look in the root for what no folder above a test lists.
  const wanted = [...rooms(tree), "tsconfig.tests.json"];
  const forgotten = wanted.filter((path) => !listed.includes(`"${path}"`));
  return {
    faults: [
      ...forgotten.map((path) => `tsconfig.json: no reference to ${path}, so nobody compiles it`),
      ...(await tool("tsc", ["-b", "--pretty", "false"])),
    ],
    note: "every room and every test compiles",
  };
}

/** @returns a fault a line of what the tool said; none when it ended well */
export async function tool(name: string, args: readonly string[]): Promise<readonly string[]> {
  if (!existsSync(join(BIN, name))) return [`${name} is not installed`];
  try {
    await run(join(BIN, name), args, {
      cwd: ROOT,
      env: { ...process.env, PATH: `${BIN}:${process.env.PATH}` },
      maxBuffer,
    });
    return [];
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
    return lines.length > 0 ? lines : [`${name} ended badly without a word`];
  }
}

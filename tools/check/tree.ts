import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What is, or is about to be, in version control: nothing installed, built or ignored. Paths are from the root, with
 * `/`.
 */
export interface Tree {
  readonly files: readonly string[];
  read(path: string): string;
}

/**
 * What a check found: no faults is a pass. A fault names the place and the reason; the note says what was looked at.
 */
export interface Finding {
  readonly faults: readonly string[];
  readonly note: string;
}

export type Check = (tree: Tree) => Finding | Promise<Finding>;

export const ROOT = join(import.meta.dirname, "..", "..");

/** @throws {Error} the root is not a git work tree */
export function readTree(root: string): Tree {
  // A clone may belong to another user than the one who checks it, and git then asks to be told that this is meant.
  const command = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", command, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  // A file that was deleted and not yet committed is still listed.
  const files = listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
  return { files: [...new Set(files)].sort(), read: (path) => readFileSync(join(root, path), "utf8") };
}

/** packages/voucher, apps/issuer and so on: each folder that a workspace package may live in. */
export function rooms({ files }: Tree): readonly string[] {
  const folders = files.flatMap((path) => /^(?:packages|apps)\/[^/]+(?=\/)/.exec(path)?.[0] ?? []);
  return [...new Set(folders)];
}

/** The rooms that strangers install: all that do not say in their manifest that they are private. */
export function publishedRooms(tree: Tree): readonly string[] {
  return rooms(tree).filter((room) => manifestOf(tree, room)["private"] !== true);
}

/** A room's package.json; empty where it has none. */
export function manifestOf(tree: Tree, room: string): Readonly<Record<string, unknown>> {
  const path = `${room}/package.json`;
  return tree.files.includes(path) ? (JSON.parse(tree.read(path)) as Record<string, unknown>) : {};
}

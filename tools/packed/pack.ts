import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { publishedRooms, ROOT, readTree } from "../check/tree.ts";

const run = promisify(execFile);

/**
 * Builds and packs every package as `pnpm publish` would: pnpm runs `prepack`, which is `tsc -b`, puts `publishConfig`
 * in place of what serves here, and versions in place of `workspace:` and `catalog:`. npm's own pack does none of that.
 *
 * @param folder empty
 * @returns the tarballs' paths
 * @throws {Error} the package does not compile
 */
export async function packAll(folder: string): Promise<readonly string[]> {
  const filters = publishedRooms(readTree(ROOT)).flatMap((room) => ["--filter", `./${room}`]);
  const command = ["-y", "pnpm@12.21.0", "--recursive", ...filters, "pack", "--pack-destination", folder];
  await run("npx", command, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  return (await readdir(folder)).sort().map((name) => join(folder, name));
}

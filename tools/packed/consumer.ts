import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { packAll } from "./pack.ts";

const run = promisify(execFile);

/**
 * A stranger's folder: the packages from their tarballs, what they depend on from the registry, put there by npm, and nothing of this repository.
 * He is a careful stranger, who runs no install script and takes nothing optional: so cbor-x comes without its native addon, which malformed
 * input can make abort the process, and what works here needs neither.
 *
 * Beside them, the programs that ask every vector: `vectors.mjs` for whatever has files and node:crypto, `worker.mjs` for what has neither.
 *
 * @param folder is made
 */
export async function makeConsumer(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tarballs = await mkdtemp(join(folder, "tarballs-"));
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const packed = await packAll(tarballs);
  await run("npm", ["install", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", ...packed], {
    cwd: folder,
  });
  await rm(tarballs, { recursive: true });
  await bundleInto(folder, "vectors.main.ts", "vectors.mjs");
  await bundleInto(folder, "vectors.worker.ts", "unbundled-worker.mjs");
  await bundleWorker(folder);
}

// The packages stay outside, so that the runtime itself finds them in the folder, by its own conditions.
async function bundleInto(folder: string, entry: string, name: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, entry)],
    outfile: join(folder, name),
    bundle: true,
    format: "esm",
    platform: "neutral",
    external: ["node:*", "@doorproof/*"],
    logLevel: "error",
  });
}

// As wrangler does for Workers, and every bundler for a page: what follows resolves from the stranger's folder alone.
async function bundleWorker(folder: string): Promise<void> {
  await build({
    entryPoints: [join(folder, "unbundled-worker.mjs")],
    outfile: join(folder, "worker.mjs"),
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    logLevel: "error",
  });
}

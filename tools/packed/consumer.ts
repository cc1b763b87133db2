import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { packAll } from "./pack.ts";

const run = promisify(execFile);

/**
 * Two strangers' folders, each with packages from their tarballs, what those depend on from the registry, put there by
 * npm, and nothing of this repository. Install scripts are off and optional dependencies are left out, as careful
 * strangers would have it: cbor-x then comes without its native addon, which malformed input can make abort the
 * process, and everything must work without it.
 *
 * @param libraries is made: the packages for programs, and beside them the programs that ask every vector:
 *   `vectors.mjs` for whatever has files and node:crypto, `worker.mjs` for what has neither
 * @param command is made: doorproof-verify, with the packages that it names and no other of ours
 */
export async function makeConsumers({ libraries, command }: { libraries: string; command: string }): Promise<void> {
  const tarballs = await mkdtemp(join(tmpdir(), "doorproof-tarballs-"));
  try {
    const packed = await packAll(tarballs);
    const named = (name: string) => packed.filter((path) => basename(path).startsWith(`doorproof-${name}-`));
    const verify = named("verify");
    await install(
      libraries,
      packed.filter((path) => !verify.includes(path)),
    );
    await install(command, [...verify, ...named("verifier"), ...named("voucher")]);
  } finally {
    await rm(tarballs, { recursive: true });
  }
  await bundleInto(libraries, "vectors.main.ts", "vectors.mjs");
  await bundleInto(libraries, "vectors.worker.ts", "unbundled-worker.mjs");
  await bundleWorker(libraries);
}

async function install(folder: string, tarballs: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  await run("npm", ["install", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", ...tarballs], {
    cwd: folder,
  });
}

// The packages are not bundled, so that the runtime itself resolves them in the folder, by its own conditions.
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

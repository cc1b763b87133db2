import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build } from "vite";

// Builds the app into dist/, or with the word `page` the verifier page into dist-page/, when its sources are not those
// of the last build: `node apps/driver/build.ts`. Sources are compared by hash and not by date, since a checkout gives
// every file its own time. The bundler always prints to stdout, so scripts that print data there run this with 1>&2.

const HERE = import.meta.dirname;
const [, , word] = process.argv;
if (word !== undefined && word !== "page")
  throw new Error(`${word}: builds the app, or with the word page the verifier page`);
const { folder, config } =
  word === "page"
    ? { folder: "dist-page", config: "vite.page.config.ts" }
    : { folder: "dist", config: "vite.config.ts" };
const DIST = join(HERE, folder);
const STAMP = join(HERE, ".tmp", `built-${folder}`);
const SOURCES = ["src", "public", "index.html", config, "compress.ts", "single-file.ts", "package.json"];
const ROOMS = ["../../packages/voucher/src", "../../packages/verifier/src", "../../pnpm-lock.yaml"];

process.env.NODE_ENV = "production";

const stamp = await hashSources();
if (!existsSync(join(DIST, "index.html")) || (await readFile(STAMP, "utf8").catch(() => "")) !== stamp) {
  await buildInto(DIST);
  await mkdir(join(HERE, ".tmp"), { recursive: true });
  await writeFile(STAMP, stamp);
}

// Built beside it and then renamed: an issuer may be serving the old build, and two builds may run at once.
async function buildInto(folder: string): Promise<void> {
  const draft = join(HERE, ".tmp", `dist-${process.pid}`);
  const old = join(HERE, ".tmp", `old-${process.pid}`);
  await build({
    configFile: join(HERE, config),
    logLevel: "error",
    build: { outDir: draft, emptyOutDir: true },
  });
  if (existsSync(folder)) await rename(folder, old);
  await rename(draft, folder);
  await rm(old, { recursive: true, force: true });
}

async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const path of (await Promise.all([...SOURCES, ...ROOMS].map(filesIn))).flat())
    hash.update(`${path}\0`).update(await readFile(join(HERE, path)));
  return hash.digest("hex");
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(join(HERE, path), { recursive: true, withFileTypes: true }).catch(() => null);
  if (!entries) return [path];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => relative(HERE, file)).sort();
}

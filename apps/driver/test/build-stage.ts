import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";

/** Builds the screens with the day of test/stage, as the app itself is built. @returns the folder */
export async function buildStage(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "doorproof-stage-"));
  await build({
    configFile: false,
    logLevel: "error",
    root: join(import.meta.dirname, "stage"),
    base: "/driver/",
    define: { __ANNOUNCE__: "false" },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    worker: { format: "es" },
    build: { outDir, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
  return outDir;
}

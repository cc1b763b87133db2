import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import manifest from "./package.json" with { type: "json" };
import { singleFile } from "./single-file.ts";

/** The verifier page: the same app as one file, for `doorproof publish-verifier` to put keys in. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "iife" },
  define: { __ANNOUNCE__: "false", __VERSION__: JSON.stringify(manifest.version) },
  build: {
    target: "es2022",
    // Everything is inlined: the wasm has 954 kB.
    assetsInlineLimit: 4 * 1024 * 1024,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    copyPublicDir: false,
  },
  plugins: [pageEntry(), singleFile()],
});

/** The same HTML with another main file, which has no network. */
function pageEntry(): Plugin {
  return {
    name: "page-entry",
    transformIndexHtml: { order: "pre", handler: (html) => html.replace("/src/main.ts", "/src/main.page.ts") },
  };
}

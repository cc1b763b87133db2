import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { compress } from "./compress.ts";
import manifest from "./package.json" with { type: "json" };

/** The path at which the issuer serves the app. It stands in every enrolment link, so it cannot change. */
const BASE = "/driver/";

export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: BASE,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  // The points at which tests kill the page (src/build.d.ts) are only in the tests' build.
  define: { __ANNOUNCE__: JSON.stringify(mode === "announce"), __VERSION__: JSON.stringify(manifest.version) },
  build: {
    target: "es2022",
    // Data URLs would need `data:` in the policy, and the wasm must be a file of its own to be precached.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script, which the policy forbids.
    modulePreload: { polyfill: false },
  },
  plugins: [
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src/sw",
      filename: "sw.ts",
      // Not "autoUpdate", which could reload in the middle of a stop.
      registerType: "prompt",
      injectRegister: false,
      injectManifest: {
        globPatterns: ["**/*.{js,css,html,wasm,svg,png,webmanifest}"],
        // The decoder alone has 954 kB. A file over the limit is left out with a warning, and the app would not work
        // offline.
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
      },
      manifest: {
        id: BASE,
        name: "Doorproof driver",
        short_name: "Doorproof",
        description: "Checks at the door, without signal, who may have the parcel",
        start_url: BASE,
        scope: BASE,
        display: "standalone",
        orientation: "any",
        background_color: "#f4f2ec",
        theme_color: "#10201d",
        icons: [
          { src: "icon.svg", sizes: "any", type: "image/svg+xml" },
          { src: "icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
    }),
    compress(),
  ],
}));

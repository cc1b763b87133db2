import { defineConfig, mergeConfig, type Plugin } from "vite";
import app from "./vite.config.ts";

/**
 * The app as it is edited, where people have it otherwise: on port 8080 under /driver/, with the issuer of
 * apps/issuer/dev.env behind it.
 */
export default defineConfig((environment) =>
  mergeConfig(app(environment), {
    server: {
      host: "127.0.0.1",
      port: 8080,
      strictPort: true,
      proxy: { "^/(?!driver(?:[/?#]|$))": { target: "http://127.0.0.1:8081" } },
    },
    plugins: [noWorker()],
  }),
);

// A service worker that was installed from the same address, by `pnpm start` say, would go on showing the app as it was
// then.
function noWorker(): Plugin {
  const script =
    "oninstall = () => skipWaiting();\n" +
    "onactivate = async () => {\n" +
    "  await registration.unregister();\n" +
    "  for (const client of await clients.matchAll()) client.navigate(client.url);\n" +
    "};\n";
  return {
    name: "no-worker",
    configureServer: ({ middlewares }) => {
      middlewares.use("/driver/sw.js", (_request, answer) => {
        answer.setHeader("content-type", "text/javascript");
        answer.setHeader("cache-control", "no-store");
        answer.end(script);
      });
    },
  };
}

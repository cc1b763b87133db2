// The issuer's description as a file: for client generators, for whoever reads without running an issuer, and so that a
// change of the contract is seen in a diff. Made from the routes as they are registered; nothing is asked or stored for
// it.

import { buildApp, type Surroundings } from "../../apps/issuer/src/app.ts";
import { createLogger } from "../../apps/issuer/src/logger.ts";
import type { StoreDeps } from "../../apps/issuer/src/store/store.ts";

/** Where the document lies, from the root. */
export const DOCUMENT = "packages/api/openapi.json";

/** What an issuer serves at /openapi.json, but for the address: that is each issuer's own. */
export async function describeIssuer(): Promise<string> {
  const app = await buildApp(DEPS, SURROUNDINGS);
  try {
    const served = (await app.inject("/openapi.json")).json();
    const servers = [{ url: "/", description: "The issuer that serves this document" }];
    return `${JSON.stringify({ ...served, servers }, null, 2)}\n`;
  } finally {
    await app.close();
  }
}

// Handlers take what they need at a request, and this one needs its ID alone: whoever asks for more while routes are
// being registered is told.
const DEPS = new Proxy({} as StoreDeps, {
  get(_target, name) {
    if (name === "random") return (length: number) => new Uint8Array(length);
    throw new Error(`the description of a route must not need ${String(name)}`);
  },
});

const nothing = async () => new Uint8Array();

const SURROUNDINGS: Surroundings = {
  config: { publicUrl: "https://issuer.example", production: true, publicDocs: true, trustProxy: [] },
  logger: createLogger({ level: "error", destination: { write: (line) => void process.stderr.write(line) } }),
  published: { jwks: nothing, coseKeys: nothing, keyList: nothing, revocations: nothing },
  vitals: { closing: false },
  messages: "sent",
  outbox: null,
  timeZone: "UTC",
};

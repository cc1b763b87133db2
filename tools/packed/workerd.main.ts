import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { readVectors } from "../../packages/voucher/test/vector-files.ts";

// `node workerd.main.ts WORKERD FOLDER` serves the folder's worker.mjs as Cloudflare does, hands it the vectors and
// prints its answers.

const [, , workerd = "", folder = "."] = process.argv;

// An old compatibility date on purpose: later ones bring modules of Node, which a bundle for Workers must not need.
const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "vectors", worker = (
    modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
    compatibilityDate = "2024-01-01"
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "vectors")]
);
`;

await writeFile(join(folder, "worker.capnp"), CONFIG);
const server = spawn(workerd, ["serve", "worker.capnp", "--control-fd=3"], {
  cwd: folder,
  stdio: ["ignore", process.stderr, process.stderr, "pipe"],
});
try {
  const port = await portOf(server.stdio[3] as Readable);
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: JSON.stringify(readVectors()) });
  console.log(await answer.text());
} finally {
  server.kill();
}

/** It says on its control pipe where it listens: `{"event": "listen", "socket": "http", "port": 40123}`. */
async function portOf(control: Readable): Promise<number> {
  const died = once(server, "exit").then(([code]) => Promise.reject(new Error(`workerd ended with ${code}`)));
  const said = once(createInterface(control), "line").then(([line]) => JSON.parse(line) as { port: number });
  return (await Promise.race([said, died])).port;
}

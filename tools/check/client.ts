// A description that no linter faults can still be one that no generated client can use: so one is generated and used.

import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { DOCUMENT } from "../openapi/document.ts";
import { tool } from "./compile.ts";
import { type Finding, ROOT, type Tree } from "./tree.ts";

const run = promisify(execFile);

const FOLDER = "tools/api-client";

export async function checkClient(tree: Tree): Promise<Finding> {
  const folder = join(ROOT, FOLDER);
  const generated = join(folder, ".tmp");
  mkdirSync(generated, { recursive: true });
  writeFileSync(join(generated, "openapi.json"), tree.read(DOCUMENT));
  // Its own TypeScript, its own folder: openapi-typescript looks for both from where it is started.
  await run(join(folder, "node_modules/.bin/openapi-typescript"), [".tmp/openapi.json", "--output", ".tmp/api.d.ts"], {
    cwd: folder,
    env: { ...process.env, REDOCLY_TELEMETRY: "off" },
  });
  const faults = await tool("tsc", ["-p", FOLDER, "--pretty", "false"]);
  const calls = tree.read(`${FOLDER}/calls.ts`).match(/\.(GET|POST|PUT)\(/g) ?? [];
  return { faults, note: `${calls.length} calls of a generated client compile` };
}

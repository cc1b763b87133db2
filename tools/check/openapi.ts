// Client generators read the description and no code of ours: a field that it names and nobody answers is a bug in
// somebody else's program. So it is written from the routes, lies in version control where a change of the contract is
// seen, and is judged by a linter of its own.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DOCUMENT, describeIssuer } from "../openapi/document.ts";
import { type Finding, ROOT, type Tree } from "./tree.ts";

const run = promisify(execFile);

/** Lines of each side that a diff shows at most: `git diff` shows the rest, once it is written anew. */
const SHOWN = 10;

export async function checkOpenApi(tree: Tree): Promise<Finding> {
  const written = tree.files.includes(DOCUMENT) ? tree.read(DOCUMENT) : "";
  const routes = await describeIssuer();
  const faults = [...differences(written, routes), ...(written === "" ? [] : await lint(written))];
  const { paths, components } = JSON.parse(routes) as { paths: object; components: { schemas: object } };
  const operations = Object.values(paths).flatMap((path: object) => Object.keys(path));
  return { faults, note: `${operations.length} operations, ${Object.keys(components.schemas).length} shapes` };
}

/** Line by line; what was taken out and put in between the first line that differs and the last. */
export function differences(written: string, routes: string): readonly string[] {
  if (written === routes) return [];
  const before = written.split("\n");
  const after = routes.split("\n");
  const start = before.findIndex((line, index) => line !== after[index]);
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const gone = before.slice(start, before.length - end).map((line) => `- ${line}`);
  const come = after.slice(start, after.length - end).map((line) => `+ ${line}`);
  const more = [gone, come].reduce((sum, { length }) => sum + Math.max(0, length - SHOWN), 0);
  return [
    `${DOCUMENT}:${start + 1}: not what the routes say; write it anew with: npx -y pnpm@12.21.0 openapi`,
    ...gone.slice(0, SHOWN),
    ...come.slice(0, SHOWN),
    ...(more === 0 ? [] : [`and ${more} lines more`]),
  ];
}

/** What Redocly says of a description, a fault for each: its warnings too, which it ends well on. */
export async function lint(description: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "doorproof-openapi-"));
  try {
    const path = join(folder, "openapi.json");
    await writeFile(path, description);
    const args = ["lint", path, "--config", join(ROOT, "tools/openapi/redocly.yaml"), "--format", "json"];
    // Else it tells its makers, and asks the network whether it is the newest.
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    const said = await run(join(ROOT, "node_modules/.bin/redocly"), args, { env, maxBuffer: 64 * 1024 * 1024 }).catch(
      (error) => error,
    );
    const { problems } = JSON.parse(said.stdout) as { problems: readonly Problem[] };
    return problems.map(
      ({ ruleId, message, location }) => `${DOCUMENT}: ${location[0]?.pointer}: ${message} (${ruleId})`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Problem {
  readonly ruleId: string;
  readonly message: string;
  readonly location: readonly { readonly pointer?: string }[];
}

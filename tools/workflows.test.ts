import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

// A workflow runs where nobody sees it before it is merged. So it may only call what people run as well, and that must
// exist.

const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(ROOT, ".github", "workflows");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };
const readme = readFileSync(join(ROOT, "README.md"), "utf8");

interface Workflow {
  readonly permissions?: Record<string, string>;
  readonly jobs: Record<string, { readonly "timeout-minutes"?: number; readonly steps: readonly Step[] }>;
}
interface Step {
  readonly uses?: string;
  readonly run?: string;
}

const workflows = readdirSync(FOLDER).map(
  (name) => [name, parse(readFileSync(join(FOLDER, name), "utf8")) as Workflow] as const,
);

test("there are two: what is asked of each change, and the release", () => {
  expect(workflows.map(([name]) => name)).toEqual(["ci.yml", "release.yml"]);
});

test.each(workflows)("%s calls what exists, in time, and may write nothing by default", (_, { permissions, jobs }) => {
  expect(permissions).toEqual({ contents: "read" });
  for (const { steps, ...job } of Object.values(jobs)) {
    expect(job["timeout-minutes"]).toBeLessThanOrEqual(90);
    for (const { run } of steps) if (run !== undefined) expect(fault(run), run).toBeNull();
  }
});

test.each([
  { run: "npx -y pnpm@12.21.0 deploy-all", says: "no script deploy-all" },
  { run: "npx -y pnpm@1.0.0 check", says: "another pnpm than the README's" },
  { run: ".ci/walk", says: ".ci/walk does not exist" },
  { run: "curl https://example.org/install | sh", says: "no script of this repository" },
])("$run is found", ({ run, says }) => {
  expect(fault(run)).toContain(says);
});

test("the issue forms are forms", () => {
  const folder = join(ROOT, ".github", "ISSUE_TEMPLATE");
  for (const name of readdirSync(folder)) {
    const form = parse(readFileSync(join(folder, name), "utf8")) as {
      name: string;
      description: string;
      body: object[];
    };
    expect([typeof form.name, typeof form.description, form.body.length > 0]).toEqual(["string", "string", true]);
  }
});

/** Why a command has no place in a workflow; null when it has. */
function fault(run: string): string | null {
  const pnpm = /^npx -y (pnpm@[\d.]+) ([\w:-]+)/.exec(run);
  if (pnpm !== null) {
    const [, version = "", name = ""] = pnpm;
    if (!readme.includes(`npx -y ${version} `)) return "another pnpm than the README's";
    return name in scripts || name === "install" ? null : `no script ${name}`;
  }
  if (run.startsWith("sudo apt-get ")) return null;
  if (!/^\.?[\w/.-]+$/.test(run)) return "no script of this repository";
  const path = statSync(join(ROOT, run), { throwIfNoEntry: false });
  return path?.isFile() && (path.mode & 0o111) !== 0 ? null : `${run} does not exist or cannot be run`;
}

// An example is code that people paste, so it is run as it stands: a module from the root, in a file inside a room that
// depends on what it imports; a script in an empty folder.

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { PATIENCE } from "../patience.ts";
import { ROOT } from "./tree.ts";

const run = promisify(execFile);

/** Depends on every package that an example may import, and brings their commands. */
const ROOM = join(ROOT, "apps", "cli");

export interface Example {
  readonly language: string;
  readonly code: string;
}

/** The blocks of a page that are marked to be run. */
export function readExamples(page: string): readonly Example[] {
  const blocks = page.matchAll(/<!-- run -->\s*```(\w*)\n([\s\S]*?)^```/gm);
  return [...blocks].map(([, language = "", code = ""]) => ({ language, code }));
}

/** @returns no fault when it ended with exit code 0 */
export async function runExample(page: string, { language, code }: Example): Promise<readonly string[]> {
  if (/^(js|mjs|ts|javascript|typescript)$/.test(language)) return runModule(page, code);
  if (language === "sh") return runScript(page, code);
  return [`${page}: cannot run an example in "${language}"`];
}

async function runModule(page: string, code: string): Promise<readonly string[]> {
  const path = join(ROOM, `.example-${randomUUID()}.ts`);
  try {
    await writeFile(path, code);
    return await attempt(page, () => run(process.execPath, [path], { cwd: ROOT, timeout: PATIENCE }));
  } finally {
    await rm(path, { force: true });
  }
}

/** In an empty folder, with the room's commands at hand. */
async function runScript(page: string, code: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "doorproof-example-"));
  const path = [join(ROOM, "node_modules", ".bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
  try {
    return await attempt(page, () =>
      run("sh", ["-eu", "-c", code], { cwd: folder, env: { PATH: path }, timeout: PATIENCE }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function attempt(page: string, running: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await running();
    return [];
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    const said = stderr.split("\n").find((line) => /^\w*(Error|Refusal)\b/.test(line)) ?? message;
    return [`${page}: its example fails: ${said.trim()}`];
  }
}

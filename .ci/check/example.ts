// An example is code that people paste. It runs as it stands, from the root, in a file inside a room that depends on what it imports.

import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./tree.ts";

const run = promisify(execFile);

/** @returns no fault when it ended with exit code 0 */
export async function runExample({ language, code }: { language: string; code: string }): Promise<readonly string[]> {
  if (!/^(js|mjs|ts|javascript|typescript)$/.test(language))
    return [`README.md: cannot run an example in "${language}"`];
  const path = join(ROOT, "apps", "courier", `.example-${process.pid}.ts`);
  try {
    await writeFile(path, code);
    await run(process.execPath, [path], { cwd: ROOT, timeout: 60_000 });
    return [];
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    const said = stderr.split("\n").find((line) => /^\w*(Error|Refusal)\b/.test(line)) ?? message;
    return [`README.md: its example fails: ${said.trim()}`];
  } finally {
    await rm(path, { force: true });
  }
}

// An example is code that people paste. It runs as it stands, from the root, in a file inside a room that depends on what it imports.

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PATIENCE } from "../patience.ts";
import { ROOT } from "./tree.ts";

const run = promisify(execFile);

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
  if (!/^(js|mjs|ts|javascript|typescript)$/.test(language)) return [`${page}: cannot run an example in "${language}"`];
  const path = join(ROOT, "apps", "cli", `.example-${randomUUID()}.ts`);
  try {
    await writeFile(path, code);
    await run(process.execPath, [path], { cwd: ROOT, timeout: PATIENCE });
    return [];
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    const said = stderr.split("\n").find((line) => /^\w*(Error|Refusal)\b/.test(line)) ?? message;
    return [`${page}: its example fails: ${said.trim()}`];
  } finally {
    await rm(path, { force: true });
  }
}

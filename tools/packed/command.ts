import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readVectors } from "../../packages/voucher/test/vector-files.ts";
import type { RefusedCase, ValidCase } from "../../packages/voucher/vectors/schema.ts";

const run = promisify(execFile);

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the installed `doorproof-verify` of a folder by a Node of one's choice, with no environment. */
export function runCommand(node: string, folder: string, args: readonly string[]): Promise<Ended> {
  const bin = join(folder, "node_modules", ".bin", "doorproof-verify");
  return run(node, [bin, ...args], { cwd: folder, env: {} }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

/** What it says of a valid vector and of one with a bad signature. */
export async function askCommand(node: string, folder: string): Promise<{ valid: Ended; refused: Ended }> {
  const { given, valid, refused } = readVectors();
  const [name, source] = Object.entries(given.keySets).find(([, keys]) => "jwks" in keys) ?? [];
  if (!source || !("jwks" in source)) throw new Error("no bare key set among the vectors");
  await writeFile(join(folder, "jwks.json"), JSON.stringify(source.jwks));
  const isPlain = ({ question: { keys, delivery: _, now: __, ...more } }: ValidCase | RefusedCase) =>
    keys === name && Object.keys(more).length === 0;
  const ask = (found: ValidCase | RefusedCase | undefined) => {
    if (!found) throw new Error("no such vector");
    const { text, question } = found;
    const at = new Date(question.now * 1000).toISOString();
    const delivery = question.delivery === null ? [] : ["--delivery", question.delivery];
    return runCommand(node, folder, ["verify", text, "--keys", "jwks.json", "--now", at, "--json", ...delivery]);
  };
  return {
    valid: await ask(valid.find(isPlain)),
    refused: await ask(refused.find((one) => isPlain(one) && one.expect.code === "bad-signature")),
  };
}

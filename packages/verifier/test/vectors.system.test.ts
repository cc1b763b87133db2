import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readVectors } from "../../voucher/test/vector-files.ts";
import { type Answers, answerAll, expectedAnswers } from "./answers.ts";
import { nodeScrypt } from "./node-scrypt.ts";

// Every vector through every path there is: the platform's curve and noble's, today's Node and the oldest promised. One
// verdict.

const vectors = readVectors();
const expected = expectedAnswers(vectors);

const NODE_20 = fileURLToPath(new URL("../../../node_modules/node20/bin/node", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "doorproof-vectors-"));
const bundles = { platform: join(folder, "platform.mjs"), noble: join(folder, "noble.mjs") };

beforeAll(async () => {
  await Promise.all([bundle(bundles.platform, ["node"]), bundle(bundles.noble, ["browser"])]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const ENGINES: Record<string, () => Promise<Answers>> = {
  "from source, node:crypto": () => answerAll(vectors, { scrypt: nodeScrypt }),
  "bundled, noble": async () => runWith(process.execPath, bundles.noble),
  "bundled, node:crypto, Node 20": async () => runWith(NODE_20, bundles.platform),
  "bundled, noble, Node 20": async () => runWith(NODE_20, bundles.noble),
};

describe.each(Object.entries(ENGINES))("every vector, %s", (_, run) => {
  let answers: Answers;
  beforeAll(async () => {
    answers = await run();
  });

  test.each(Object.keys(expected))("%s", (file) => {
    // one engine's answers as a whole: what differs is printed by name
    expect(answers[file]).toEqual(expected[file]);
  });
});

test("the two bundles hold different engines", async () => {
  const platform = await bundle(bundles.platform, ["node"]);
  const noble = await bundle(bundles.noble, ["browser"]);
  expect(platform.some((input) => input.endsWith("ed25519.node.ts"))).toBe(true);
  expect(noble.some((input) => input.endsWith("ed25519.node.ts"))).toBe(false);
});

async function bundle(outfile: string, conditions: string[]): Promise<readonly string[]> {
  const entry = fileURLToPath(new URL("answers.main.ts", import.meta.url));
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    // "neutral" brings no condition of its own, so that the list above decides; cbor-x comes by its "main"
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: [...conditions, "import"],
    external: ["node:*"],
    metafile: true,
    logLevel: "error",
  });
  return Object.keys(metafile.inputs);
}

function runWith(node: string, program: string): Answers {
  const vectorFolder = fileURLToPath(new URL("../../voucher/vectors", import.meta.url));
  return JSON.parse(execFileSync(node, [program, vectorFolder], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }));
}

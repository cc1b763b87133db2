// Rules of this project that no linter knows. The same command runs locally and in CI; it prints a line a check, and
// under it a line for each fault.

import { checkAmbient } from "./ambient.ts";
import { checkCircles } from "./circles.ts";
import { checkClient } from "./client.ts";
import { checkCommits } from "./commits.ts";
import { checkTypes } from "./compile.ts";
import { checkDocs } from "./docs.ts";
import { checkDocumented } from "./documented.ts";
import { checkGraph } from "./graph.ts";
import { checkLayers } from "./layers.ts";
import { checkLint } from "./lint.ts";
import { checkOpenApi } from "./openapi.ts";
import { checkPacked } from "./packed.ts";
import { checkPublished } from "./published.ts";
import { checkReach } from "./reach.ts";
import { checkScripts } from "./scripts.ts";
import { checkSettings } from "./settings.ts";
import { checkSizes } from "./sizes.ts";
import { type Check, ROOT, readTree } from "./tree.ts";
import { checkWords } from "./words.ts";

const CHECKS: Readonly<Record<string, Check>> = {
  types: checkTypes,
  lint: checkLint,
  layers: checkLayers,
  circles: checkCircles,
  graph: checkGraph,
  ambient: checkAmbient,
  reach: checkReach,
  sizes: checkSizes,
  scripts: checkScripts,
  docs: checkDocs,
  settings: checkSettings,
  words: checkWords,
  commits: checkCommits,
  published: checkPublished,
  documented: checkDocumented,
  openapi: checkOpenApi,
  client: checkClient,
  packed: checkPacked,
};

const tree = readTree(ROOT);
let failed = 0;
for (const [name, check] of Object.entries(CHECKS)) {
  const { faults, note } = await attempt(check);
  if (faults.length > 0) failed += 1;
  console.log(
    `${faults.length > 0 ? "FAILED" : "passed"}  ${name.padEnd(10)}  ${faults.length > 0 ? counted(faults) : note}`,
  );
  for (const fault of faults) console.log(`        ${fault}`);
}
console.log(`${Object.keys(CHECKS).length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

// A check that breaks down has not passed, and must not keep the others from being run.
async function attempt(check: Check) {
  try {
    return await check(tree);
  } catch (error) {
    return { faults: [error instanceof Error ? error.message : String(error)], note: "" };
  }
}

function counted({ length }: readonly string[]): string {
  return length === 1 ? "1 fault" : `${length} faults`;
}

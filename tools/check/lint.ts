// Biome decides formatting, and refuses the globals that a package must not know (biome.json).

import { tool } from "./compile.ts";
import type { Finding } from "./tree.ts";

export async function checkLint(): Promise<Finding> {
  const said = await tool("biome", ["check", "--reporter=concise", "--max-diagnostics=none", "--error-on-warnings"]);
  // Lines that name a fault, without biome's count of them. Where there is none, as with a faulty configuration, all
  // that it printed.
  const faults = said.filter((line) => /^\s*[×!]\s.*:/.test(line)).map((line) => line.replace(/^\s*[×!]\s*/, ""));
  return { faults: faults.length > 0 ? faults : said, note: "formatted, imports in order, no rule broken" };
}

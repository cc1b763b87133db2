// Formatting is nobody's opinion, and the globals that a package must not know (biome.json) are refused before a review.

import { tool } from "./compile.ts";
import type { Finding } from "./tree.ts";

export async function checkLint(): Promise<Finding> {
  const said = await tool("biome", ["check", "--reporter=concise", "--max-diagnostics=none", "--error-on-warnings"]);
  // Below the faults it counts them; what it says without naming one, as of its own configuration, is said whole.
  const faults = said.filter((line) => /^\s*[×!]\s.*:/.test(line)).map((line) => line.replace(/^\s*[×!]\s*/, ""));
  return { faults: faults.length > 0 ? faults : said, note: "formatted, imports in order, no rule broken" };
}

// Writes the description anew, after a change of the API: `check` shows what it would change.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../check/tree.ts";
import { DOCUMENT, describeIssuer } from "./document.ts";

writeFileSync(join(ROOT, DOCUMENT), await describeIssuer());
console.log(`${DOCUMENT}: written`);

// Every figure that the README quotes, beside peers that do the same job, in one run. Ratios are what to read: the
// speed of a machine drifts, and a ratio within a run does not. Arguments name the groups to run; without any, all of
// them.

import { printBulk } from "./bulk.ts";
import { printDriver } from "./driver.ts";
import { printLists } from "./lists.ts";
import { printRequests } from "./requests.ts";
import { printSigning } from "./sign.ts";
import { printSizes } from "./sizes.ts";
import { printVerifying } from "./verify.ts";

/** A group is a file here with one function that prints, and a line here. */
const GROUPS: Readonly<Record<string, () => Promise<void>>> = {
  sign: printSigning,
  verify: printVerifying,
  bulk: printBulk,
  sizes: printSizes,
  lists: printLists,
  driver: printDriver,
  requests: printRequests,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(GROUPS, name));
if (unknown.length > 0) {
  console.error(`no group ${unknown.join(", ")}: there are ${Object.keys(GROUPS).join(", ")}`);
  process.exit(2);
}
for (const [name, print] of Object.entries(GROUPS)) {
  if (asked.length === 0 || asked.includes(name)) await print();
}

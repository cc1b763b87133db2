import { writeSync } from "node:fs";
import { openKeyring } from "../src/keys/keyring.ts";

// A process of its own: asks a keyring again and again, as a running issuer does, until its input ends. It tells each
// list when it sees it first (`list VERSION`), and at the end how often it asked (`reads NUMBER`). Arguments: the key
// folder, the time, and "anew" for an issuer that is started again each time.

const [folder = "", time = "0", how = ""] = process.argv.slice(2);
const now = Number(time);
let keyring = openKeyring(folder);
let seen = 0;
let reads = 0;
let isOver = false;
process.stdin.on("end", () => {
  isOver = true;
});
process.stdin.resume();
while (!isOver) {
  if (how === "anew") keyring = openKeyring(folder);
  const { version } = keyring.keys.list;
  if (version !== seen) writeSync(1, `list ${version}\n`);
  seen = version;
  keyring.documentKey({ now });
  if (keyring.withdrawn.version === 0) throw new Error("no version");
  reads += 1;
  await new Promise((resolve) => setImmediate(resolve));
}
writeSync(1, `reads ${reads}\n`);

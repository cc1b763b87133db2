import { writeSync } from "node:fs";
import { openKeyring } from "../src/keys/keyring.ts";

// A process of its own: asks a keyring again and again, as a running issuer does, until its input ends; then tells how
// often, and how many different lists it saw. Arguments: the key folder, the time, and "anew" for an issuer that is
// started again each time.

const [folder = "", time = "0", how = ""] = process.argv.slice(2);
const now = Number(time);
let keyring = openKeyring(folder);
const seen = new Set<number>();
let reads = 0;
let isOver = false;
process.stdin.on("end", () => {
  isOver = true;
});
process.stdin.resume();
writeSync(1, "ready\n");
while (!isOver) {
  if (how === "anew") keyring = openKeyring(folder);
  seen.add(keyring.keys.list.version);
  keyring.documentKey({ now });
  if (keyring.withdrawn.version === 0) throw new Error("no version");
  reads += 1;
  await new Promise((resolve) => setImmediate(resolve));
}
writeSync(1, `${reads} ${seen.size}\n`);

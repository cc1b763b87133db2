import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

// A process of its own that rotates keys and is killed by the kernel before its n-th change of a file. Arguments: n,
// then what rotateKeys is asked, as JSON: [folder, options].

const [n = "", asked = ""] = process.argv.slice(2);
let left = Number(n);

function dying<Args extends unknown[], Result>(change: (...args: Args) => Result): (...args: Args) => Result {
  return (...args) => {
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
    return change(...args);
  };
}

const { mkdirSync, writeFileSync, renameSync, rmSync } = fs;
Object.assign(fs, {
  mkdirSync: dying(mkdirSync),
  writeFileSync: dying(writeFileSync),
  renameSync: dying(renameSync),
  rmSync: dying(rmSync),
});
syncBuiltinESMExports();

const { rotateKeys } = await import("../src/keys/rotate.ts");
const { PROCESSES } = await import("./processes.ts");
const [folder, options]: Parameters<typeof rotateKeys> = JSON.parse(asked);
await rotateKeys(folder, { ...options, processes: PROCESSES });

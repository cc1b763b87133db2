import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { openOperations } from "../src/operations.ts";
import { environmentOf } from "./environment.ts";

// A process of its own: imports the CSV on stdin and tells each row's status on a line, once it is durable. Argument:
// the world's folder.

const [folder = ""] = process.argv.slice(2);
const machine = {
  now: () => 1_800_000_000,
  uptime: () => 0,
  random: (length: number) => new Uint8Array(randomBytes(length)),
};
const operations = await openOperations(environmentOf(folder), machine);
writeSync(1, "ready\n");
const options = { map: {}, expires: { in: 48 * 3600 }, dryRun: false };
for await (const { status } of operations.importDeliveries(process.stdin, options)) writeSync(1, `${status}\n`);
await operations.close();

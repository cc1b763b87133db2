import { randomBytes, randomUUID } from "node:crypto";
import { json } from "node:stream/consumers";
import { openDeps } from "../src/compose.ts";
import { readConfig } from "../src/config.ts";
import { report } from "../src/domain/redemptions/report.ts";
import { environmentOf } from "./environment.ts";

// A process of its own, as a second issuer on the same database: reports the vouchers on stdin and prints what it was
// answered. Arguments: the world's folder, a name to report under.

const NOW = 1_800_000_000;
const [folder = "", name = ""] = process.argv.slice(2);
const machine = { now: () => NOW, uptime: () => 0, random: (length: number) => new Uint8Array(randomBytes(length)) };
const deps = await openDeps(readConfig(environmentOf(folder)), machine);
const vouchers = (await json(process.stdin)) as string[];
const records = vouchers.map(
  (voucher) => ({ id: randomUUID(), voucher, via: "scan", at: NOW, takenBy: "recipient" }) as const,
);
const answers = await report(deps, records, { kind: "api-key", id: name, courier: "*" });
process.stdout.write(JSON.stringify(answers.map(({ status }) => status)));
await deps.store.close();

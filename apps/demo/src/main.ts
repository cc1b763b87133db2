import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { explain } from "./explain.ts";
import { freePort, startIssuer } from "./issuer.ts";
import { inviteDriver } from "./route.ts";
import { runDemo } from "./story.ts";

// The main job, end to end, every party a process of its own. Keeps everything under data/demo and begins anew each
// time.

const { values } = parseArgs({ options: { serve: { type: "boolean", default: false } } });
const folder = join(import.meta.dirname, "../../../data/demo");
rmSync(folder, { recursive: true, force: true });

const port = await freePort();
const environment = {
  DATA_DIR: join(folder, "issuer/data"),
  KEYS_DIR: join(folder, "issuer/keys"),
  PUBLIC_URL: `http://localhost:${port}`,
  PORT: String(port),
};

try {
  const outcome = await runDemo({
    folder,
    environment,
    startIssuer: () => startIssuer(process.execPath, environment),
    node: process.execPath,
    now: () => new Date(),
    newRecordId: () => randomUUID(),
  });
  const { issuer } = outcome;
  if (values.serve) {
    console.log(`   It stays up until Ctrl-C:

   every message     ${issuer.outboxLink()}    (follow a link to see a customer's page)
   the driver's app  ${await inviteDriver(outcome)}    (enrols once; then scan or type what the messages say)
   the API           ${issuer.url}/docs
   the keys          ${issuer.url}/.well-known/jwks.json
`);
    process.once("SIGINT", () => void issuer.stop());
    process.once("SIGTERM", () => void issuer.stop());
  } else {
    await issuer.stop();
  }
} catch (error) {
  console.error(`\ndemo: ${explain(error)}`);
  process.exitCode = 1;
}

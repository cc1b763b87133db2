import { randomBytes } from "node:crypto";
import { uptime } from "node:os";
import closeWithGrace from "close-with-grace";
import { pino } from "pino";
import { ConfigError } from "./config.ts";
import { createLogger } from "./logger.ts";
import { type Serving, serve } from "./server.ts";

// The one file that reads the environment, the clock, randomness and the process. What people read goes to stdout, the
// log to stderr.

const machine = {
  environment: process.env,
  now: () => Math.floor(Date.now() / 1000),
  uptime,
  random: (length: number) => new Uint8Array(randomBytes(length)),
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
};

/** Milliseconds for requests in flight when the process ends; slower ones are cut off. */
const GRACE = 10_000;

try {
  // Synchronous, so that the last lines before a crash are written.
  const destination = pino.destination({ fd: 2, sync: true });
  const serving = await serve(machine, ({ logLevel }) => createLogger({ level: logLevel, destination }));
  const { log } = serving;
  closeWithGrace({ delay: GRACE, logger: log }, async ({ err }) => {
    if (err) log.fatal({ err }, "stopping");
    await serving.close();
  });
  process.stdout.write(welcome(serving));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 4;
}

function welcome({ config, firstStart, outboxPath }: Serving): string {
  const { publicUrl, production, host, port, keysDir, dataDir } = config;
  const where = `Doorproof's issuer listens on ${host.includes(":") ? `[${host}]` : host}:${port}, for ${publicUrl}. Database in ${dataDir}, keys in ${keysDir}.`;
  if (production) return `${where}\n`;
  const made = `
This was the first start: a root key, a year of signing keys and the secrets were made in ${keysDir}/private. That is good for
trying it out on this machine. For real use make them with "doorproof keys init", and keep root.pem somewhere else.
`;
  return `${where}
${firstStart ? made : ""}
What to do next, in another terminal:

  1. Make an API key (it is shown once):
       npx -y pnpm@12.21.0 doorproof api-key create --name desk --scope vouchers
  2. Issue a voucher:
       curl ${publicUrl}/v1/vouchers -H "Authorization: Bearer KEY" -H "Content-Type: application/json" \\
         -d '{"deliveryId": "RR123456785DE", "phone": "+447700900123", "expiresIn": "48h"}'
  ${outboxPath ? `3. Read what the phone would have received, and follow its link (this address is for you alone):\n       ${publicUrl}${outboxPath}` : "3. No message goes out (SMS_GATEWAY=none): hand out the link that the answer holds"}

The API, with every field: ${publicUrl}/docs          Stop: Ctrl-C
`;
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return `Doorproof's issuer did not start: ${error.message}`;
  if (!(error instanceof Error)) return `Doorproof's issuer did not start: ${String(error)}`;
  const hint =
    "code" in error && error.code === "EADDRINUSE" ? "\nSomething listens there already: stop it, or set PORT" : "";
  return `Doorproof's issuer did not start: ${error.message}${hint}`;
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyBaseLogger } from "fastify";
import { buildApp } from "./app.ts";
import { type Machine, openDeps } from "./compose.ts";
import { type Config, readConfig } from "./config.ts";
import type { Watch } from "./domain/clock/index.ts";
import { clearRoutes, sealWaiting } from "./domain/dispatch/index.ts";
import { mac } from "./domain/encryption.ts";
import { type SmsGateway, sendWaiting } from "./domain/messages/index.ts";
import { retain } from "./domain/personal-data/index.ts";
import { expireVouchers, forgetAnswers, revocationList, writeMessage } from "./domain/vouchers/index.ts";
import { type LogGateway, logGateway, outboxOf } from "./gateways/log.ts";
import { NO_GATEWAY } from "./gateways/none.ts";
import type { ReadOutbox } from "./http/messages/outbox-page.ts";
import type { Published } from "./http/open/keys.ts";
import { initKeyFolder } from "./keys/init.ts";
import { refuseTrial, TRIAL_ISSUER } from "./production.ts";
import { startWorker } from "./scheduler.ts";
import type { StoreDeps } from "./store/store.ts";

/** What only a main can know. */
export interface ServerMachine extends Machine {
  readonly environment: NodeJS.ProcessEnv;
  /** IANA name. */
  readonly timeZone: string;
}

/** A running issuer. */
export interface Serving {
  readonly config: Config;
  /** Keys and secrets were made just now. */
  readonly firstStart: boolean;
  readonly log: FastifyBaseLogger;
  /** Where a trial's messages are read, as a path with its token; null: there is no such page. */
  readonly outboxPath: string | null;
  /** Takes nothing new, finishes what is in flight, then closes the database. */
  close(): Promise<void>;
}

/** A way to phones; one that only writes down can show what it has written. */
interface Gateway extends SmsGateway {
  readonly read?: ReadOutbox;
  readonly forget?: LogGateway["forget"];
}

/** One for each value of SMS_GATEWAY. The log is on this machine alone: {@link refuseTrial}. */
const GATEWAYS = {
  none: () => NO_GATEWAY,
  log: ({ dataDir }, machine) => logGateway(outboxOf(dataDir), machine),
} satisfies Record<Config["smsGateway"], (config: Config, machine: ServerMachine) => Gateway>;

/** base64url characters: 132 bits. */
const TOKEN_LENGTH = 22;
const SEND_EVERY = 1_000;
const EXPIRE_EVERY = 60_000;
const SEAL_EVERY = 1_000;
const RETAIN_EVERY = 3_600_000;
const LOOK_EVERY = 1_000;
const WATCH_EVERY = 1_000;

/**
 * Starts an issuer: keys, database, workers, port.
 * @throws {ConfigError} the environment cannot be used
 */
export async function serve(machine: ServerMachine, openLog: (config: Config) => FastifyBaseLogger): Promise<Serving> {
  const { config, firstStart } = await readOrMakeKeys(machine);
  refuseTrial(config);
  const log = openLog(config);
  const deps = await openDeps(config, machine);
  try {
    const gateway: Gateway = GATEWAYS[config.smsGateway](config, machine);
    // The same at each start, so that a link which was printed once goes on working.
    const outbox = gateway.read ? { read: gateway.read, token: mac(deps, "outbox", []).slice(0, TOKEN_LENGTH) } : null;
    const vitals = { closing: false };
    const published = publishedIn(config.keysDir, deps);
    const app = await buildApp(deps, {
      config,
      logger: log,
      published,
      vitals,
      messages: gateway.outcome,
      outbox,
      timeZone: machine.timeZone,
    });
    await app.listen({ host: config.host, port: config.port });
    const workers = [
      // Even without requests: an issuer that missed the list in which a root names the next one would not accept that
      // one's list.
      startWorker("keys", { pause: LOOK_EVERY, log, work: lookAtKeys(deps, log) }),
      startWorker("clock", { pause: WATCH_EVERY, log, work: tellDoubts(deps.clock, log) }),
      startWorker("outbox", {
        pause: SEND_EVERY,
        log,
        work: () => sendWaiting(deps, { gateway, write: (voucherId) => writeMessage(deps, voucherId) }),
      }),
      startWorker("expiry", { pause: EXPIRE_EVERY, log, work: () => expireVouchers(deps) }),
      startWorker("retention", { pause: RETAIN_EVERY, log, work: () => forgetOld(deps, { gateway, config }) }),
      startWorker("answers", { pause: EXPIRE_EVERY, log, work: () => forgetAnswers(deps) }),
      startWorker("clearing", { pause: EXPIRE_EVERY, log, work: () => clearRoutes(deps) }),
      startWorker("sealing", {
        pause: SEAL_EVERY,
        log,
        work: () => sealWaiting(deps, { isOver: () => vitals.closing }),
      }),
    ];
    return {
      config,
      firstStart,
      log,
      outboxPath: outbox && `/outbox/${outbox.token}`,
      async close() {
        vitals.closing = true;
        await Promise.all([app.close(), ...workers.map((worker) => worker.stop())]);
        await deps.store.close();
      },
    };
  } catch (error) {
    await deps.store.close();
    throw error;
  }
}

/** Takes up what another process wrote into the folder, and says so. */
function lookAtKeys({ keyring }: StoreDeps, log: FastifyBaseLogger): () => Promise<void> {
  let { version } = keyring.keys.list;
  return async () => {
    const { list } = keyring.keys;
    if (list.version !== version) log.info({ version: list.version }, "took up a key list");
    version = list.version;
  };
}

async function forgetOld(
  deps: StoreDeps,
  { gateway, config: { retention } }: { gateway: Gateway; config: Config },
): Promise<void> {
  if ((await retain(deps, retention)) > 0) await deps.store.emptyLog();
  const before = (deps.now() - retention.phoneDays * 86_400) * 1000;
  await gateway.forget?.(({ at }) => Date.parse(at) < before);
}

// Only on localhost: for production readConfig has refused already.
async function readOrMakeKeys({ environment, now, random }: ServerMachine) {
  const found = readConfig(environment);
  if (!found.hasKeys) {
    const folder = { folder: found.keysDir, rootFolder: join(found.keysDir, "private") };
    await initKeyFolder(folder, { issuer: TRIAL_ISSUER, now: now(), random });
  }
  return { config: found.hasKeys ? found : readConfig(environment), firstStart: !found.hasKeys };
}

/** Looks at the clock, and logs when it comes to be doubted and when it is believed again. */
function tellDoubts(clock: Watch, log: FastifyBaseLogger): () => Promise<void> {
  let wasDoubted = false;
  return async () => {
    await clock.look();
    const doubt = clock.doubt();
    if (doubt !== null && !wasDoubted) log.error({ doubt }, "clock doubted: nothing is signed");
    if (doubt === null && wasDoubted) log.warn("clock believed again");
    wasDoubted = doubt !== null;
  };
}

/** The folder's files; only the revocation list is signed anew, from the database. */
function publishedIn(keysDir: string, deps: StoreDeps): Published {
  const file = (name: string) => () => readFile(join(keysDir, name));
  return {
    jwks: file("jwks.json"),
    coseKeys: file("cose-keys.cbor"),
    keyList: file("keys.cose"),
    revocations: revocationList(deps),
  };
}

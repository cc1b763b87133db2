import { type Machine, openDeps } from "./compose.ts";
import { readConfig } from "./config.ts";
import {
  type ApiKey,
  createApiKey,
  type EnrolmentLink,
  listApiKeys,
  makeEnrolment,
  type NewApiKey,
  renameApiKey,
  revokeApiKey,
} from "./domain/access/index.ts";
import { acceptClock } from "./domain/clock/index.ts";
import { type Device, listDevices, revokeDevice } from "./domain/dispatch/index.ts";
import { eraseDelivery, type Reencrypted, reencrypt } from "./domain/personal-data/index.ts";
import type { Actor } from "./domain/ports.ts";
import { logGateway, outboxOf } from "./gateways/log.ts";
import { type ImportedRow, type ImportOptions, importDeliveries } from "./import/import.ts";
import { type DrillStep, runDrill } from "./keys/compromised.ts";
import { privateFolder } from "./keys/folder.ts";
import type { Processes } from "./keys/replace.ts";

export { PERMISSIONS, type Permission, SCOPES, type Scope } from "@doorproof/api/lists";
export type { Machine } from "./compose.ts";
export { ConfigError, keysDirOf } from "./config.ts";
export { clockDoubtInDatabase, unboundKeysInDatabase, withdrawnInDatabase } from "./database.ts";
export type { ApiKey, EnrolmentLink, NewApiKey } from "./domain/access/index.ts";
export { CLOCK_MEND } from "./domain/clock/index.ts";
export type { Device } from "./domain/dispatch/index.ts";
export { type Fault, IssueError } from "./domain/errors.ts";
export type { Reencrypted } from "./domain/personal-data/index.ts";
export { readPhoneNumber } from "./domain/vouchers/index.ts";
export { IMPORT_FIELDS, type ImportedRow, type ImportField, type ImportOptions } from "./import/import.ts";
export type { DrillStep } from "./keys/compromised.ts";
export { initKeyFolder } from "./keys/init.ts";
export { publishKeys } from "./keys/publish.ts";
export type { Processes } from "./keys/replace.ts";
export { type Exposure, revokeKey } from "./keys/revoke.ts";
export { type Rotation, rotateKeys } from "./keys/rotate.ts";
export { newestSigningKey } from "./keys/signing.ts";
export { inspectSecrets, readCodeSecrets } from "./secrets.ts";

/** The issuer's one door for the command line: on the same database, beside a running issuer. */
export interface Operations {
  /**
   * @param chunks of a CSV file
   * @throws {IssueError} `invalid-delivery` before any row is read: the file has no such columns
   */
  importDeliveries(chunks: AsyncIterable<string | Uint8Array>, options: ImportOptions): AsyncIterable<ImportedRow>;
  /**
   * @returns the token, this once: only its hash is kept
   * @throws {IssueError} `invalid-api-key` with all its faults
   */
  createApiKey(key: NewApiKey): Promise<{ id: string; token: string }>;
  /** Newest first, the expired and revoked ones among them. */
  listApiKeys(): Promise<readonly ApiKey[]>;
  /** @throws {IssueError} `invalid-api-key`, `api-key-unknown` */
  renameApiKey(key: { id: string; name: string }): Promise<ApiKey>;
  /** @throws {IssueError} `api-key-unknown`: there is none, or it was revoked before */
  revokeApiKey(id: string): Promise<ApiKey>;
  /**
   * Takes a person out of the issuer's data; the audit trail goes on telling what was done, of a tombstone.
   * The database's file is written anew: writers wait meanwhile.
   * @returns `isGone` false: others were writing or reading all the time, and the files may still hold it
   * @throws {IssueError} `delivery-unknown`, `delivery-open`
   */
  eraseDelivery(id: string): Promise<{ tombstone: string; isGone: boolean }>;
  /**
   * Encrypts under the newest DATA_SECRET what older ones encrypted.
   * @returns `isGone` as of {@link eraseDelivery}: whether no file holds what the older ones open
   */
  reencrypt(): Promise<Reencrypted & { readonly isGone: boolean }>;
  /** @throws {IssueError} `invalid-delivery`: no name for a route, or a new route and no country */
  makeEnrolment(route: { name: string; country?: string }): Promise<EnrolmentLink>;
  /** Newest first, those whose token has ended among them. */
  listDevices(): Promise<readonly Device[]>;
  /** @throws {IssueError} `device-unknown` */
  revokeDevice(id: string): Promise<Device>;
  /** Says that the clock is right as it stands: see docs/operations.md. */
  acceptClock(): Promise<{ now: number; before: number | null }>;
  /**
   * The drill for the day a key leaks.
   * @param kid 8 hex digits
   * @param rootFolder where root.pem lies, if a key list must be signed
   */
  runDrill(kid: string, at: { rootFolder?: string; processes: Processes }): AsyncIterable<DrillStep>;
  close(): Promise<void>;
}

const OPERATOR: Actor = { kind: "operator", id: "command-line" };

/**
 * @throws {ConfigError} with everything that is wrong with the environment
 * @throws {Error} there are no keys yet
 */
export async function openOperations(environment: NodeJS.ProcessEnv, machine: Machine): Promise<Operations> {
  const config = readConfig(environment);
  const deps = await openDeps(config, machine);
  return {
    importDeliveries: (chunks, options) => importDeliveries(deps, chunks, options, OPERATOR),
    createApiKey: (key) => createApiKey(deps, key, OPERATOR),
    listApiKeys: () => listApiKeys(deps),
    renameApiKey: (key) => renameApiKey(deps, key, OPERATOR),
    revokeApiKey: (id) => revokeApiKey(deps, id, OPERATOR),
    async eraseDelivery(id) {
      const messages = new Set<string>();
      for (const { id: voucher } of await deps.store.vouchersOf(id))
        for (const sms of await deps.store.smsOf(voucher)) messages.add(sms.id);
      const { tombstone } = await eraseDelivery(deps, id, OPERATOR);
      await logGateway(outboxOf(config.dataDir), deps).forget((message) => messages.has(message.id));
      return { tombstone, isGone: await deps.store.rewrite() };
    },
    reencrypt: async () => ({ ...(await reencrypt(deps)), isGone: await deps.store.rewrite() }),
    makeEnrolment: (route) => makeEnrolment(deps, route, OPERATOR),
    listDevices: () => listDevices(deps),
    revokeDevice: (id) => revokeDevice(deps, id, OPERATOR),
    acceptClock: () => acceptClock(deps, OPERATOR),
    runDrill(kid, { rootFolder = privateFolder(config.keysDir), processes }) {
      return runDrill(deps, kid, { folder: { folder: config.keysDir, rootFolder }, actor: OPERATOR, processes });
    },
    close: () => deps.store.close(),
  };
}

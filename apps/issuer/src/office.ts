import { readConfig } from "./config.ts";
import { createApiKey, type Scope } from "./domain/api-keys.ts";
import type { Actor } from "./domain/ports.ts";
import { type ImportedRow, type ImportOptions, importOrders } from "./import.ts";
import { type Machine, openParts } from "./parts.ts";

export { ConfigError } from "./config.ts";
export { SCOPES, type Scope } from "./domain/api-keys.ts";
export { type Fault, IssueError } from "./domain/errors.ts";
export { IMPORT_FIELDS, type ImportedRow, type ImportField, type ImportOptions } from "./import.ts";
export { initKeyFolder, openKeyFolder } from "./key-folder.ts";
export type { Machine } from "./parts.ts";

/** The issuer's one door for the command line: the same books, beside a running issuer. */
export interface Office {
  /**
   * @param chunks of a CSV file
   * @throws {IssueError} `invalid-order` before any row is read: the file has no such columns
   */
  importOrders(chunks: AsyncIterable<string | Uint8Array>, options: ImportOptions): AsyncIterable<ImportedRow>;
  /** @returns the token, this once: only its hash is kept */
  createApiKey(key: { scopes: readonly Scope[]; label?: string }): Promise<{ id: string; token: string }>;
  close(): Promise<void>;
}

const OPERATOR: Actor = { kind: "operator", id: "command-line" };

/**
 * @throws {ConfigError} with everything that is wrong with the environment
 * @throws {Error} there are no keys yet
 */
export async function openOffice(environment: NodeJS.ProcessEnv, machine: Machine): Promise<Office> {
  const parts = await openParts(readConfig(environment), machine);
  return {
    importOrders: (chunks, options) => importOrders(parts, chunks, options, OPERATOR),
    createApiKey: (key) => createApiKey(parts, key, OPERATOR),
    close: () => parts.store.close(),
  };
}

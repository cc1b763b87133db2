import { append } from "../audit/index.ts";
import { IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import { type ApiKey, viewApiKey } from "./api-key-view.ts";
import { checkKeyName, refuseKey } from "./create-api-key.ts";
import type { AccessDeps, AccessReach, ApiKeyRow } from "./rows.ts";

/** Newest first, the expired and revoked ones among them. */
export async function listApiKeys({ store, now }: AccessDeps): Promise<readonly ApiKey[]> {
  const rows = [...(await store.apiKeys())].sort((a, b) => b.createdAt - a.createdAt || a.id.localeCompare(b.id));
  return rows.map((row) => viewApiKey(row, now()));
}

/** @throws {IssueError} `invalid-api-key`: no name; `api-key-unknown` */
export async function renameApiKey(
  deps: AccessDeps,
  { id, name }: { id: string; name: string },
  actor: Actor,
): Promise<ApiKey> {
  const faults = checkKeyName(name);
  if (faults.length > 0) throw refuseKey(faults);
  const now = deps.now();
  return deps.store.transaction(async (rows) => {
    const key = await requireKey(rows, id);
    await rows.setApiKey(id, { name });
    await append(rows, "api-key-renamed", { deps, actor, now, reason: `${id}: ${key.name}, now ${name}` });
    return viewApiKey({ ...key, name }, now);
  });
}

/**
 * Takes a key away for good: the next request with it is refused, by whichever process.
 * @throws {IssueError} `api-key-unknown`: there is none, or it was revoked before
 */
export async function revokeApiKey(deps: AccessDeps, id: string, actor: Actor): Promise<ApiKey> {
  const now = deps.now();
  return deps.store.transaction(async (rows) => {
    const key = await requireKey(rows, id);
    await rows.setApiKey(id, { revokedAt: now });
    await append(rows, "api-key-revoked", { deps, actor, now, reason: id });
    return viewApiKey({ ...key, revokedAt: now }, now);
  });
}

async function requireKey(rows: AccessReach, id: string): Promise<ApiKeyRow> {
  const key = (await rows.apiKeys()).find((one) => one.id === id);
  if (!key || key.revokedAt !== null) throw new IssueError("api-key-unknown", "there is no such API key");
  return key;
}

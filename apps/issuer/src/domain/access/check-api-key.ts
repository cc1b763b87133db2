import type { Permission } from "@doorproof/api/lists";
import { hashToken } from "../encryption.ts";
import { courierOf, statusOf } from "./api-key-view.ts";
import type { AccessDeps } from "./rows.ts";

/** What a key that stands may do. */
export interface KnownApiKey {
  readonly id: string;
  readonly permissions: readonly Permission[];
  /** Whose deliveries it may redeem: a courier's name, `*` for all, null for none. */
  readonly courier: string | null;
  readonly lastUsedAt: number | null;
}

/**
 * Asks the database each time, so that a key which another process revokes is refused at the next request.
 * @returns null: no key of ours, or one that is expired or revoked
 */
export async function checkApiKey(deps: AccessDeps, token: string): Promise<KnownApiKey | null> {
  if (!TOKEN.test(token)) return null;
  const key = await deps.store.findApiKey(hashToken(token));
  if (!key || statusOf(key, deps.now()) !== "good") return null;
  const { id, permissions, lastUsedAt } = key;
  return { id, permissions, courier: courierOf(key), lastUsedAt };
}

const TOKEN = /^dpk_[A-Za-z0-9_-]{43}$/;

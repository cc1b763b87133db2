import { ALL_COURIERS, type Permission } from "@doorproof/api/lists";
import type { ApiKeyRow } from "./rows.ts";

/** An API key as an operator sees it, without its token. Times are seconds since 1970. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** Whose deliveries it may redeem: a courier's name, `*` for all, null for none. */
  readonly courier: string | null;
  readonly status: ApiKeyStatus;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** To the minute. */
  readonly lastUsedAt: number | null;
}

export type ApiKeyStatus = "good" | "expired" | "revoked";

export function viewApiKey(key: ApiKeyRow, now: number): ApiKey {
  const { id, name, permissions, createdAt, expiresAt, revokedAt, lastUsedAt } = key;
  const reach = { permissions, courier: courierOf(key), status: statusOf(key, now) };
  return { id, name, ...reach, createdAt, expiresAt, revokedAt, lastUsedAt };
}

export function statusOf({ revokedAt, expiresAt }: ApiKeyRow, now: number): ApiKeyStatus {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && expiresAt <= now ? "expired" : "good";
}

/** One that was made before couriers were asked for goes on redeeming everything: its owner was promised no less. */
export function courierOf({ permissions, courier }: ApiKeyRow): string | null {
  return permissions.includes("redeem") ? (courier ?? ALL_COURIERS) : null;
}

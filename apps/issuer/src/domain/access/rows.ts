import type { Permission } from "@doorproof/api/lists";
import type { DispatchReach } from "../dispatch/index.ts";
import type { Deps } from "../ports.ts";

/** What API keys and enrolments ask of a database. No token lies in it, only the hash of each. */
export interface AccessRows {
  insertApiKey(key: ApiKeyRow): Promise<void>;
  findApiKey(tokenHash: string): Promise<ApiKeyRow | undefined>;
  /** In no order. */
  apiKeys(): Promise<readonly ApiKeyRow[]>;
  setApiKey(id: string, change: Partial<Pick<ApiKeyRow, "name" | "revokedAt" | "lastUsedAt">>): Promise<void>;

  insertEnrolment(enrolment: EnrolmentRow): Promise<void>;
  /** Takes an enrolment away, unless it is over. @returns undefined: there is none, it was taken, or it is over */
  takeEnrolment(query: { tokenHash: string; now: number }): Promise<EnrolmentRow | undefined>;
  /** A route has one open enrolment. */
  dropEnrolments(route: string): Promise<void>;
}

/** All that access reads and writes: its own rows, the devices and routes of dispatch, the audit trail. */
export type AccessReach = AccessRows & DispatchReach;
export type AccessDeps = Deps<AccessReach>;

export interface ApiKeyRow {
  readonly id: string;
  /** SHA-256 of the token. */
  readonly tokenHash: string;
  /** Whose it is, to know it again. */
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** A courier's name or `*`; null where it may not redeem, and on one made before this was asked for. */
  readonly courier: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

export interface EnrolmentRow {
  /** SHA-256 of the link's token. */
  readonly tokenHash: string;
  readonly route: string;
  readonly expiresAt: number;
}

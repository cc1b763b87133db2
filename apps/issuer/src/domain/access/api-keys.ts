import { hashToken } from "../encryption.ts";
import type { Actor, Deps } from "../ports.ts";
import { record } from "../vouchers/apply.ts";

export const SCOPES = ["vouchers", "redeem"] as const;
export type Scope = (typeof SCOPES)[number];

const PREFIX = "dpk_";

/**
 * A key for the back office or a courier.
 * @returns the token, this once: only its hash is kept. 256 bits, so a plain hash is enough
 */
export async function createApiKey(
  deps: Deps,
  { scopes, label }: { scopes: readonly Scope[]; label?: string },
  actor: Actor,
): Promise<{ id: string; token: string }> {
  const id = Buffer.from(deps.random(8)).toString("hex");
  const token = PREFIX + Buffer.from(deps.random(32)).toString("base64url");
  const now = deps.now();
  await deps.store.transaction(async (rows) => {
    await rows.insertApiKey({
      id,
      tokenHash: hashToken(token),
      scopes: scopes.join(","),
      label: label ?? null,
      createdAt: now,
    });
    await record(rows, "api-key-created", { deps, actor, now, reason: id });
  });
  return { id, token };
}

/** @returns null: no key of ours */
export async function checkApiKey(deps: Deps, token: string): Promise<{ id: string; scopes: readonly Scope[] } | null> {
  if (!TOKEN.test(token)) return null;
  const key = await deps.store.findApiKey(hashToken(token));
  return key ? { id: key.id, scopes: SCOPES.filter((scope) => key.scopes.split(",").includes(scope)) } : null;
}

const TOKEN = /^dpk_[A-Za-z0-9_-]{43}$/;

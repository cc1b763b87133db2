import type { Scope } from "@doorproof/api/lists";
import { toHex } from "@doorproof/voucher/codec";
import { append } from "../audit/index.ts";
import { hashToken } from "../encryption.ts";
import type { Actor } from "../ports.ts";
import type { AccessDeps } from "./rows.ts";

const PREFIX = "dpk_";

/**
 * A key for the back office or a courier.
 * @returns the token, this once: only its hash is kept. 256 bits, so a plain hash is enough
 */
export async function createApiKey(
  deps: AccessDeps,
  { scopes, label }: { scopes: readonly Scope[]; label?: string },
  actor: Actor,
): Promise<{ id: string; token: string }> {
  const id = toHex(deps.random(8));
  const token = PREFIX + Buffer.from(deps.random(32)).toString("base64url");
  const now = deps.now();
  await deps.store.transaction(async (rows) => {
    await rows.insertApiKey({
      id,
      tokenHash: hashToken(token),
      scopes,
      label: label ?? null,
      createdAt: now,
    });
    await append(rows, "api-key-created", { deps, actor, now, reason: id });
  });
  return { id, token };
}

/** @returns null: no key of ours */
export async function checkApiKey(
  deps: AccessDeps,
  token: string,
): Promise<{ id: string; scopes: readonly Scope[] } | null> {
  if (!TOKEN.test(token)) return null;
  const key = await deps.store.findApiKey(hashToken(token));
  return key ? { id: key.id, scopes: key.scopes } : null;
}

const TOKEN = /^dpk_[A-Za-z0-9_-]{43}$/;

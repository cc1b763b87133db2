import { ALL_COURIERS, PERMISSIONS, type Permission } from "@doorproof/api/lists";
import { NAME, toHex } from "@doorproof/voucher/codec";
import { append } from "../audit/index.ts";
import { hashToken } from "../encryption.ts";
import { type Fault, IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import type { AccessDeps } from "./rows.ts";

export interface NewApiKey {
  /** Whose it is, to know it again: 1 to 64 printable ASCII characters. */
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** Whose deliveries it may redeem: a courier's name, or `*` for all; null where it may not redeem. */
  readonly courier: string | null;
  /** Seconds since 1970; null: it stands until it is revoked. */
  readonly expiresAt: number | null;
}

/**
 * A key for the back office or a courier.
 * @returns the token, this once: only its hash is kept. 256 bits, so a plain hash is enough
 * @throws {IssueError} `invalid-api-key` with all its faults
 */
export async function createApiKey(
  deps: AccessDeps,
  request: NewApiKey,
  actor: Actor,
): Promise<{ id: string; token: string }> {
  const now = deps.now();
  const faults = [...checkKeyName(request.name), ...checkReach(request), ...checkEnd(request, now)];
  if (faults.length > 0) throw refuseKey(faults);
  const { name, permissions, courier, expiresAt } = request;
  const id = toHex(deps.random(8));
  const token = PREFIX + Buffer.from(deps.random(32)).toString("base64url");
  await deps.store.transaction(async (rows) => {
    await rows.insertApiKey({
      id,
      tokenHash: hashToken(token),
      name,
      permissions: PERMISSIONS.filter((permission) => permissions.includes(permission)),
      courier,
      createdAt: now,
      expiresAt,
      revokedAt: null,
      lastUsedAt: null,
    });
    await append(rows, "api-key-created", { deps, actor, now, reason: id });
  });
  return { id, token };
}

/** Printable, since it is shown on terminals and in lists. */
export function checkKeyName(name: string): readonly Fault[] {
  return NAME.test(name)
    ? []
    : [fault("/name", "a key's name is 1 to 64 printable ASCII characters, no blank at either end")];
}

export function refuseKey(faults: readonly Fault[]): IssueError {
  return new IssueError("invalid-api-key", faults.map(({ detail }) => detail).join("; "), faults);
}

// Whoever may redeem says whose deliveries: a key handed to one courier must not end another's by mistake of the default.
function checkReach({ permissions, courier }: NewApiKey): readonly Fault[] {
  if (permissions.length === 0) return [fault("/permissions", "a key needs a permission")];
  const mayRedeem = permissions.includes("redeem");
  if (mayRedeem && courier === null)
    return [fault("/courier", "a key that may redeem needs a courier: their name, or * for all deliveries")];
  if (!mayRedeem && courier !== null) return [fault("/courier", "a key that may not redeem has no courier")];
  if (courier !== null && courier !== ALL_COURIERS && !NAME.test(courier))
    return [fault("/courier", "a courier's name is 1 to 64 printable ASCII characters, no blank at either end")];
  return [];
}

function checkEnd({ expiresAt }: NewApiKey, now: number): readonly Fault[] {
  return expiresAt === null || expiresAt > now ? [] : [fault("/expiresAt", "a key's end must lie ahead")];
}

function fault(pointer: string, detail: string): Fault {
  return { pointer, code: "invalid-value", detail };
}

const PREFIX = "dpk_";

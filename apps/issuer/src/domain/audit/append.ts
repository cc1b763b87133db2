import type { EventType } from "@doorproof/api/lists";
import { encrypt, reasonRow } from "../encryption.ts";
import type { Actor, Surroundings } from "../ports.ts";
import type { AuditRows } from "./rows.ts";

/** Who did it, when and why. */
export interface Act {
  readonly deps: Pick<Surroundings, "secrets" | "random">;
  readonly actor: Actor;
  readonly now: number;
  /** Stored encrypted, because people write names and numbers into a reason. */
  readonly reason?: string;
}

/** Appends an event to the audit trail, in the transaction of what it tells. */
export async function append(
  rows: AuditRows,
  kind: EventType,
  { deps, actor, now, reason, deliveryId, voucherId }: Act & { deliveryId?: string; voucherId?: string },
): Promise<void> {
  await rows.insertEvent({
    at: now,
    kind,
    deliveryId: deliveryId ?? null,
    voucherId: voucherId ?? null,
    actorKind: actor.kind,
    actorId: actor.id,
    sealedReason: reason === undefined ? null : encrypt(deps, reasonRow(kind, deliveryId, voucherId), reason),
  });
}

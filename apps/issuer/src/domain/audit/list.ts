import type { EventType } from "@doorproof/api/lists";
import { decrypt, reasonRow } from "../encryption.ts";
import type { Actor, Deps, Surroundings } from "../ports.ts";
import type { AuditRows, EventRow } from "./rows.ts";

export interface EventView {
  /** Cursor: goes into `after`. */
  readonly seq: number;
  /** Seconds since 1970. */
  readonly at: number;
  readonly kind: EventType;
  readonly deliveryId: string | null;
  readonly voucherId: string | null;
  readonly actor: Pick<Actor, "kind" | "id">;
  readonly reason: string | null;
}

/** The audit trail, newest first. */
export async function listEvents(
  deps: Deps<AuditRows>,
  { delivery, limit, after }: { delivery?: string; limit: number; after?: number },
): Promise<{ data: readonly EventView[]; hasMore: boolean }> {
  const found = await deps.store.listEvents({
    limit: limit + 1,
    ...(delivery === undefined ? {} : { deliveryId: delivery }),
    ...(after === undefined ? {} : { before: after }),
  });
  return { data: found.slice(0, limit).map((row) => view(deps, row)), hasMore: found.length > limit };
}

function view(
  deps: Pick<Surroundings, "secrets">,
  { seq, at, kind, deliveryId, voucherId, actorKind, actorId, sealedReason }: EventRow,
): EventView {
  const reason = sealedReason === null ? null : decrypt(deps, reasonRow(kind, deliveryId, voucherId), sealedReason);
  return { seq, at, kind, deliveryId, voucherId, actor: { kind: actorKind, id: actorId }, reason };
}

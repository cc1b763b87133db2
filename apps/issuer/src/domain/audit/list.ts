import { reasonRow, unseal } from "../encryption.ts";
import type { Deps } from "../ports.ts";
import type { EventRow } from "../store.ts";

export interface EventView {
  /** Cursor: goes into `after`. */
  readonly seq: number;
  /** Seconds since 1970. */
  readonly at: number;
  readonly kind: string;
  readonly deliveryId: string | null;
  readonly voucherId: string | null;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly reason: string | null;
}

/** The audit trail, newest first. */
export async function listEvents(
  deps: Deps,
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
  deps: Deps,
  { seq, at, kind, deliveryId, voucherId, actorKind, actorId, sealedReason }: EventRow,
): EventView {
  const reason = sealedReason === null ? null : unseal(deps, reasonRow(kind, deliveryId, voucherId), sealedReason);
  return { seq, at, kind, deliveryId, voucherId, actor: { kind: actorKind, id: actorId }, reason };
}

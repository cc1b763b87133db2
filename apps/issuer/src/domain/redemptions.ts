import type { Parts } from "./ports.ts";
import { nameRow, unseal } from "./seal.ts";
import type { RedemptionRow, RedemptionStatus } from "./store.ts";

/** What one record said and what it was answered. Times are seconds since 1970. */
export interface RedemptionView {
  /** Cursor: goes into `after`. */
  readonly seq: number;
  /** The record's ID, as the reporter drew it. */
  readonly id: string;
  readonly reporter: string;
  readonly voucherId: string | null;
  readonly deliveryId: string | null;
  readonly via: "scan" | "code";
  readonly at: number;
  readonly receivedAt: number;
  readonly route: string | null;
  readonly takenBy: string;
  readonly name: string | null;
  readonly status: RedemptionStatus;
  readonly code: string | null;
  readonly by: { readonly id: string; readonly at: number } | null;
}

/** What happened at the doors, newest first. */
export async function listRedemptions(
  parts: Parts,
  { status, limit, after }: { status?: RedemptionStatus; limit: number; after?: number },
): Promise<{ data: readonly RedemptionView[]; hasMore: boolean }> {
  const found = await parts.store.listRedemptions({
    limit: limit + 1,
    ...(status === undefined ? {} : { status }),
    ...(after === undefined ? {} : { before: after }),
  });
  return { data: found.slice(0, limit).map((row) => view(parts, row)), hasMore: found.length > limit };
}

function view(parts: Parts, row: RedemptionRow): RedemptionView {
  const { seq, recordId, reporter, voucherId, deliveryId, via, at, receivedAt, route, takenBy, status, code } = row;
  const name = row.sealedName === null ? null : unseal(parts, nameRow(row), row.sealedName);
  const by = row.byId === null || row.byAt === null ? null : { id: row.byId, at: row.byAt };
  return {
    seq,
    id: recordId,
    reporter,
    voucherId,
    deliveryId,
    via,
    at,
    receivedAt,
    route,
    takenBy,
    name,
    status,
    code,
    by,
  };
}

import type { RedemptionStatus, TakenBy, Via } from "@doorproof/api/lists";
import { decrypt, nameRow } from "../encryption.ts";
import type { DecisionCode } from "./record.ts";
import type { RedemptionDeps, RedemptionRow } from "./rows.ts";

/** What one record said and what it was answered. Times are seconds since 1970. */
export interface RedemptionView {
  /** Cursor: goes into `after`. */
  readonly seq: number;
  /** The record's ID, as the reporter drew it. */
  readonly id: string;
  readonly reporter: string;
  readonly voucherId: string | null;
  readonly deliveryId: string | null;
  readonly via: Via;
  readonly at: number;
  readonly receivedAt: number;
  readonly route: string | null;
  readonly takenBy: TakenBy;
  readonly name: string | null;
  readonly status: RedemptionStatus;
  readonly code: DecisionCode | null;
  /** The other side: the record that stands against it. */
  readonly by: StandingRecord | null;
  readonly writtenAt: number | null;
  readonly clockDifference: number | null;
}

export interface StandingRecord {
  readonly id: string;
  readonly at: number;
  readonly reporter: string;
  readonly voucherId: string;
  readonly via: Via;
  readonly receivedAt: number;
  readonly route: string | null;
  readonly takenBy: TakenBy;
  readonly name: string | null;
}

/** What happened at the doors, newest first. */
export async function listRedemptions(
  deps: RedemptionDeps,
  { status, limit, after }: { status?: RedemptionStatus; limit: number; after?: number },
): Promise<{ data: readonly RedemptionView[]; hasMore: boolean }> {
  const found = await deps.store.listRedemptions({
    limit: limit + 1,
    ...(status === undefined ? {} : { status }),
    ...(after === undefined ? {} : { before: after }),
  });
  const data: RedemptionView[] = [];
  for (const row of found.slice(0, limit)) data.push(await view(deps, row));
  return { data, hasMore: found.length > limit };
}

async function view(deps: RedemptionDeps, row: RedemptionRow): Promise<RedemptionView> {
  const { seq, recordId, reporter, voucherId, deliveryId, via, at, receivedAt, route, takenBy, status, code } = row;
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
    name: nameIn(deps, row),
    status,
    code,
    by: await findStanding(deps, row),
    writtenAt: row.writtenAt,
    clockDifference: row.clockDifference,
  };
}

async function findStanding(deps: RedemptionDeps, { byId, deliveryId }: RedemptionRow): Promise<StandingRecord | null> {
  const acceptance = byId === null || deliveryId === null ? undefined : await deps.store.findAcceptance(deliveryId);
  const standing = acceptance && (await deps.store.findRedemption(acceptance.reporter, acceptance.recordId));
  if (!acceptance || !standing) return null;
  const { recordId: id, reporter, at, via, receivedAt, route, takenBy } = standing;
  const name = nameIn(deps, standing);
  return { id, at, reporter, voucherId: acceptance.voucherId, via, receivedAt, route, takenBy, name };
}

function nameIn(deps: RedemptionDeps, row: RedemptionRow): string | null {
  return row.sealedName === null ? null : decrypt(deps, nameRow(row), row.sealedName);
}

import type { EventType, RedemptionStatus } from "@doorproof/api/lists";
import { Refusal } from "@doorproof/voucher";
import { append } from "../audit/index.ts";
import { reporterOf } from "../dispatch/index.ts";
import { encrypt, nameRow } from "../encryption.ts";
import type { Actor } from "../ports.ts";
import { findTombstone } from "./erased.ts";
import { judge, refused, verify } from "./judge.ts";
import type { RedemptionAnswer, RedemptionRecord } from "./record.ts";
import type { AcceptanceRow, RedemptionDeps, RedemptionReach, RedemptionRow } from "./rows.ts";

/**
 * Decides what was reported, once per voucher and once per delivery. It is decided and stored when this resolves, and a
 * retry of a record that was answered gets the same answer word for word.
 *
 * @param record of the right shape; nothing in it is believed
 * @param reporter whose token came with it: the voucher proves who received, the token who reports
 */
export async function redeem(
  deps: RedemptionDeps,
  record: RedemptionRecord,
  reporter: Actor,
): Promise<RedemptionAnswer> {
  const now = deps.now();
  const from = reporterOf(reporter);
  // Verified before the transaction, so that forged ones do not lock the database for others.
  const voucher = verify(deps.keyring, record);

  return deps.store.transaction(async (rows) => {
    const before = await rows.findRedemption(from, record.id);
    if (before) return answer(rows, before);
    const tombstone = await findTombstone(rows, voucher instanceof Refusal ? voucher.claims : voucher);
    const verdict =
      voucher instanceof Refusal
        ? refused(voucher)
        : await judge(rows, { deps, record, voucher: under(tombstone, voucher), reporter, from, now });
    const written = { ...write(deps, record, { from, now }), ...verdict };
    const row = tombstone === null ? written : { ...under(tombstone, written), sealedName: null };
    if (!(await rows.insertRedemption(row))) return answer(rows, await theStored(rows, from, record.id));
    const { voucherId, deliveryId } = row;
    await append(rows, REDEEMED[row.status], {
      deps,
      actor: reporter,
      now,
      ...(voucherId === null ? {} : { voucherId }),
      ...(deliveryId === null ? {} : { deliveryId }),
      ...(row.code === null ? {} : { reason: row.code }),
    });
    return answer(rows, row);
  });
}

function under<T extends { readonly deliveryId: string | null }>(tombstone: string | null, one: T): T {
  return tombstone === null ? one : { ...one, deliveryId: tombstone };
}

// The same upload came twice at once, in a store that runs transactions in parallel.
async function theStored(rows: RedemptionReach, from: string, id: string): Promise<RedemptionRow> {
  const stored = await rows.findRedemption(from, id);
  if (!stored) throw new Error("a record stands and cannot be found");
  return stored;
}

function write(deps: RedemptionDeps, record: RedemptionRecord, { from, now }: { from: string; now: number }) {
  const { id, seq, via, at, floor, route, version, takenBy, name, writtenAt, clockDifference } = record;
  return {
    reporter: from,
    recordId: id,
    via,
    at,
    floor: floor ?? null,
    deviceSeq: seq ?? null,
    route: route ?? null,
    version: version ?? null,
    takenBy,
    sealedName: name === undefined ? null : encrypt(deps, nameRow({ reporter: from, recordId: id }), name),
    receivedAt: now,
    writtenAt: writtenAt ?? null,
    clockDifference: clockDifference ?? null,
  };
}

// The record that stands is read from the acceptance, which never changes, so that a retry gets the same answer.
async function answer(
  rows: RedemptionReach,
  { recordId, deliveryId, status, code, byId, byAt }: Omit<RedemptionRow, "seq">,
): Promise<RedemptionAnswer> {
  const standing = byId === null || deliveryId === null ? undefined : await rows.findAcceptance(deliveryId);
  return {
    id: recordId,
    status,
    ...(code === null ? {} : { code }),
    ...(byId === null || byAt === null ? {} : { by: { id: byId, at: byAt, ...deviceIn(standing) } }),
  };
}

// Only devices are named: which API key another courier uses is not told.
function deviceIn(standing: AcceptanceRow | undefined): { reporter?: string } {
  const prefix = reporterOf({ kind: "device", id: "" });
  return standing?.reporter.startsWith(prefix) ? { reporter: standing.reporter.slice(prefix.length) } : {};
}

const REDEEMED = {
  accepted: "redemption-accepted",
  duplicate: "redemption-duplicate",
  conflict: "redemption-conflict",
  refused: "redemption-refused",
} as const satisfies Record<RedemptionStatus, EventType>;

import { type ValidVoucher, verifyVoucher } from "@doorproof/verifier";
import { Refusal } from "@doorproof/voucher";
import { reporterOf } from "../dispatch/devices.ts";
import { nameRow, seal } from "../encryption.ts";
import type { Actor, Deps, Keyring } from "../ports.ts";
import type { AcceptanceRow, RedemptionRow, RedemptionStatus, Rows } from "../store.ts";
import { commit, type LoadedDelivery, loadDelivery, record as trace } from "../vouchers/apply.ts";
import { conflictAt, decide } from "../vouchers/lifecycle.ts";

/** What a device or courier reports from a door (docs/format.md section 7). Times are seconds since 1970, by the device's clock. */
export interface RedemptionRecord {
  /** UUID, drawn by the device. */
  readonly id: string;
  readonly seq?: number;
  /** Voucher text, unverified. */
  readonly voucher: string;
  readonly via: "scan" | "code";
  readonly at: number;
  /** The latest signed time that the device had seen: it cannot have happened before. */
  readonly floor?: number;
  readonly route?: string;
  readonly version?: number;
  readonly takenBy: "recipient" | "neighbour" | "safe-place" | "reception";
  readonly name?: string;
}

export interface RedemptionAnswer {
  readonly id: string;
  readonly status: RedemptionStatus;
  /** Why: a refusal code, or `superseded`, `cancelled`, `out-of-bounds`, `already-delivered`, `unknown-delivery`. */
  readonly code?: string;
  /** The record that stands, and the device that sent it. */
  readonly by?: { readonly id: string; readonly at: number; readonly reporter?: string };
}

/**
 * Decides what was reported, once per voucher and once per delivery. Each record is decided and durable by itself: a bad one holds back no
 * other, and a retry of one that was answered gets the same answer word for word.
 *
 * @param records of the right shape; nothing in them is believed
 * @param reporter whose token carried them: the voucher proves the recipient, the token says who reports
 */
export async function redeem(
  deps: Deps,
  records: readonly RedemptionRecord[],
  reporter: Actor,
): Promise<readonly RedemptionAnswer[]> {
  const answers: RedemptionAnswer[] = [];
  for (const record of records) answers.push(await redeemOne(deps, record, reporter));
  return answers;
}

/** Seconds that a device's clock may be ahead. */
const AHEAD = 300;

async function redeemOne(deps: Deps, record: RedemptionRecord, reporter: Actor): Promise<RedemptionAnswer> {
  const now = deps.now();
  const from = `${reporter.kind}:${reporter.id}`;
  // Verified before the database is locked: a forged one costs nobody else any time.
  const voucher = verify(deps.keyring, record);

  return deps.store.transaction(async (rows) => {
    const before = await rows.findRedemption(from, record.id);
    if (before) return answer(rows, before);
    const verdict =
      voucher instanceof Refusal ? refused(voucher) : await judge(rows, { deps, record, voucher, reporter, from, now });
    const row = { ...write(deps, record, { from, now }), ...verdict };
    if (!(await rows.insertRedemption(row))) return answer(rows, await theStored(rows, from, record.id));
    const { voucherId, deliveryId } = row;
    await trace(rows, `redemption-${row.status}`, {
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

// Only where the store lets two transactions run at once: the same upload twice in one moment.
async function theStored(rows: Rows, from: string, id: string): Promise<RedemptionRow> {
  const stored = await rows.findRedemption(from, id);
  if (!stored) throw new Error("a record stands and cannot be found");
  return stored;
}

/**
 * As an honest device at `at` would have (refused is only what none would accept). Without our list's own age: this judges the past, and our
 * list may be newer than the act.
 */
function verify({ keys }: Keyring, { voucher, at }: RedemptionRecord): ValidVoucher | Refusal {
  try {
    return verifyVoucher(voucher, { keys: { ...keys, list: null }, now: at, delivery: null });
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

type Verdict = Pick<RedemptionRow, "voucherId" | "deliveryId" | "status" | "code" | "byId" | "byAt">;

// The signature may have failed: then nothing of the voucher is kept.
function refused({ code, claims }: Refusal): Verdict {
  const known = claims
    ? { voucherId: claims.kid + claims.cti, deliveryId: claims.deliveryId }
    : { voucherId: null, deliveryId: null };
  return { ...known, status: "refused", code, byId: null, byAt: null };
}

interface Case {
  readonly deps: Deps;
  readonly record: RedemptionRecord;
  readonly voucher: ValidVoucher;
  readonly reporter: Actor;
  readonly from: string;
  readonly now: number;
}

async function judge(rows: Rows, { deps, record, voucher, reporter, from, now }: Case): Promise<Verdict> {
  const { deliveryId } = voucher;
  const voucherId = voucher.kid + voucher.cti;
  const known = { voucherId, deliveryId, byId: null, byAt: null };
  const conflict = (code: string): Verdict => ({ ...known, status: "conflict", code });

  const delivery = await loadDelivery(rows, deliveryId);
  // Our signature, and not in our database: issued from keys alone, or the key has leaked. A person must look.
  if (!delivery || !isOurs(delivery, voucher)) return conflict("unknown-delivery");
  if (record.at < (record.floor ?? 0) || record.at > now + AHEAD) return conflict("out-of-bounds");
  const standing = await rows.findAcceptance(deliveryId);
  if (standing) return lost(standing);
  const withdrawn = conflictAt(delivery, voucherId, record.at);
  if (withdrawn) return conflict(withdrawn);
  if (reporter.kind === "device" && (await isForeignStop(rows, { deviceId: reporter.id, record, deliveryId }))) {
    return conflict("not-on-manifest");
  }

  // All of the above is advice. This decides, whatever has happened since we looked: one insert, and count the rows.
  const acceptance = { voucherId, deliveryId, reporter: from, recordId: record.id, at: record.at };
  if (!(await rows.insertAcceptance(acceptance))) {
    const winner = await rows.findAcceptance(deliveryId);
    if (!winner) throw new Error("an acceptance stands and cannot be found");
    return lost(winner);
  }
  await commit(rows, deliveryId, decide(delivery, { do: "redeem", voucher: voucherId }, now), {
    deps,
    actor: reporter,
    now,
  });
  return { ...known, status: "accepted", code: null };

  function lost(winner: AcceptanceRow): Verdict {
    const by = { voucherId, deliveryId, byId: winner.recordId, byAt: winner.at };
    if (winner.voucherId !== voucherId) return { ...by, status: "conflict", code: "already-delivered" };
    return { ...by, status: winner.reporter === from ? "duplicate" : "conflict", code: "already-used" };
  }
}

// All claims, not the ID alone: whoever holds a leaked key can sign another expiry under an ID that they have seen.
function isOurs({ vouchers }: LoadedDelivery, { kid, cti, expiresAt }: ValidVoucher): boolean {
  return vouchers.some((row) => row.id === kid + cti && row.expiresAt === expiresAt);
}

// Another route's stop: neither is it on the device's route now, nor was it in the manifest that the device names. Moved away after that, it was
// the driver's own when they stood at the door. Their route is their token's: what the record says of it is only kept.
async function isForeignStop(
  rows: Rows,
  { deviceId, record, deliveryId }: { deviceId: string; record: RedemptionRecord; deliveryId: string },
): Promise<boolean> {
  const device = await rows.findDevice(deviceId);
  const stop = await rows.findStop(deliveryId);
  if (device && stop?.route === device.route) return false;
  const carry = await rows.findCarry({ deviceId, deliveryId });
  const version = record.version ?? carry?.version ?? 0;
  return !carry || version < carry.fromVersion || version > carry.version;
}

function write(deps: Deps, record: RedemptionRecord, { from, now }: { from: string; now: number }) {
  const { id, seq, via, at, floor, route, version, takenBy, name } = record;
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
    sealedName: name === undefined ? null : seal(deps, nameRow({ reporter: from, recordId: id }), name),
    receivedAt: now,
  };
}

// Who stands is read from the acceptance, which never changes: a retry gets the same answer.
async function answer(
  rows: Rows,
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

// Other API keys are nobody's business.
function deviceIn(standing: AcceptanceRow | undefined): { reporter?: string } {
  const prefix = reporterOf("");
  return standing?.reporter.startsWith(prefix) ? { reporter: standing.reporter.slice(prefix.length) } : {};
}

import { ALL_COURIERS, type ConflictCode } from "@doorproof/api/lists";
import { CLOCK_TOLERANCE, type ValidVoucher, verifyVoucher } from "@doorproof/verifier";
import { Refusal } from "@doorproof/voucher";
import type { DeviceRow } from "../dispatch/index.ts";
import type { Actor, Keyring } from "../ports.ts";
import { apply, decide, type LoadedDelivery, loadDelivery, type VoucherRow, withdrawalAt } from "../vouchers/index.ts";
import type { RedemptionRecord } from "./record.ts";
import type { AcceptanceRow, RedemptionDeps, RedemptionReach, RedemptionRow } from "./rows.ts";

/** Seconds after a voucher's expiry for which a report is judged: a phone may lie in a drawer over a week's holiday. */
const LATEST = 7 * 86_400;

/**
 * Verifies as a device at the time `at` should have: refused is only what no device could accept. The age of our own
 * lists does not count, since they may be newer than the redemption.
 */
export function verify({ keys }: Keyring, { voucher, at }: RedemptionRecord): ValidVoucher | Refusal {
  // The reporter's word, which may name any year: no voucher lives outside the times that the format can name.
  const now = Math.min(Math.max(at, 0), 2 ** 32 - 1);
  try {
    return verifyVoucher(voucher, { keys: { ...keys, list: null }, now, delivery: null });
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** What is decided of a record. */
export type Verdict = Pick<RedemptionRow, "voucherId" | "deliveryId" | "status" | "code" | "byId" | "byAt">;

// If the signature does not hold, nothing of the voucher is kept.
export function refused({ code, claims }: Refusal): Verdict {
  const known = claims
    ? { voucherId: claims.kid + claims.cti, deliveryId: claims.deliveryId }
    : { voucherId: null, deliveryId: null };
  return { ...known, status: "refused", code, byId: null, byAt: null };
}

/** A record whose voucher holds, and who sent it. */
export interface Case {
  readonly deps: RedemptionDeps;
  readonly record: RedemptionRecord;
  readonly voucher: ValidVoucher;
  readonly reporter: Actor;
  readonly from: string;
  readonly now: number;
}

export async function judge(
  rows: RedemptionReach,
  { deps, record, voucher, reporter, from, now }: Case,
): Promise<Verdict> {
  const { deliveryId } = voucher;
  const voucherId = voucher.kid + voucher.cti;
  const known = { voucherId, deliveryId, byId: null, byAt: null };
  const conflict = (code: ConflictCode): Verdict => ({ ...known, status: "conflict", code });

  const delivery = await loadDelivery(rows, deliveryId);
  const issued = delivery && findIssued(delivery, voucher);
  // Signed by our key, and not in our database: it was issued by `doorproof issue`, or the key has leaked. Left to a
  // person.
  if (!issued) return conflict("unknown-delivery");
  const device = reporter.kind === "device" ? await rows.findDevice(reporter.id) : undefined;
  if (isOutOfBounds(record, { issuedAt: issued.issuedAt, now, end: device?.revokedAt ?? null }))
    return conflict("out-of-bounds");
  const standing = await rows.findAcceptance(deliveryId);
  if (standing) return lost(standing);
  const withdrawal = withdrawalAt(delivery, voucherId, record.at);
  if (withdrawal !== null && withdrawal !== "since") return conflict(withdrawal);
  if (now > issued.expiresAt + LATEST) return conflict("too-late");
  if (device && (await isForeignStop(rows, { device, record, deliveryId }))) return conflict("not-on-manifest");
  if (reporter.kind === "api-key" && !isHanded(delivery, reporter.courier)) return conflict("not-handed");
  if (withdrawal === "since" && !(device && (await rows.wasCarried({ route: device.route, voucherId }))))
    return conflict("withdrawn-late");
  // A phone that is lost may be in the hands of whoever found it, and they choose what time it tells.
  if (device?.endedBy === "revoked") return conflict("reported-after-revocation");

  // The checks above may be out of date by now. What decides is this one conditional insert, by the count of its rows.
  const acceptance = { voucherId, deliveryId, reporter: from, recordId: record.id, at: record.at };
  if (!(await rows.insertAcceptance(acceptance))) {
    const winner = await rows.findAcceptance(deliveryId);
    if (!winner) throw new Error("an acceptance stands and cannot be found");
    return lost(winner);
  }
  await apply(rows, deliveryId, decide(delivery, { do: "redeem", voucher: voucherId }, now), {
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

// All claims are compared, not only the ID: a thief with a leaked key can sign another expiry under an ID that they
// saw.
function findIssued({ vouchers }: LoadedDelivery, { kid, cti, expiresAt }: ValidVoucher): VoucherRow | undefined {
  return vouchers.find((row) => row.id === kid + cti && row.expiresAt === expiresAt);
}

// The floor is the reporter's to leave out. When the voucher was signed is ours to know: an act before that cannot be,
// and whoever reports one to come before a withdrawal lies.
function isOutOfBounds(
  { at, floor = 0 }: RedemptionRecord,
  { issuedAt, now, end }: { issuedAt: number; now: number; end: number | null },
): boolean {
  return at < floor || at < issuedAt - CLOCK_TOLERANCE || at > now + CLOCK_TOLERANCE || isAfterEnd(at, end);
}

/** @param end when the device's token ended: of what was done since, it may report nothing. null: it has not */
export function isAfterEnd(at: number, end: number | null): boolean {
  return end !== null && at >= end;
}

// Couriers have no stop list at the issuer, only what is handed to them: a key that leaks closes no other delivery.
function isHanded({ courier }: LoadedDelivery, keyOf: string | null): boolean {
  return keyOf === ALL_COURIERS || (keyOf !== null && keyOf === courier);
}

// Whether the stop was another route's: it is not on the device's route now and was not in the manifest that the device
// names. A stop that was moved away since then was the driver's own at the door. Which route the device has is known
// from its token; what the record says about it is stored and not used. Which manifest went out to which of the route's
// phones is not asked: one that is enrolled again tells what it carried under its former name.
async function isForeignStop(
  rows: RedemptionReach,
  { device, record, deliveryId }: { device: DeviceRow; record: RedemptionRecord; deliveryId: string },
): Promise<boolean> {
  const { route } = device;
  if ((await rows.findStop(deliveryId))?.route === route) return false;
  const carried = await rows.carriedBy({ route, deliveryId });
  const version = record.version ?? carried?.version ?? 0;
  return !carried || version < carried.fromVersion || version > carried.version;
}

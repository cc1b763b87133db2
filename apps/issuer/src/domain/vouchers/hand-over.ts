import { ALL_COURIERS } from "@doorproof/api/lists";
import { isDeliveryId } from "@doorproof/voucher";
import { NAME } from "@doorproof/voucher/codec";
import { type Act, append } from "../audit/index.ts";
import { type Fault, IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import type { VoucherDeps, VoucherReach } from "./rows.ts";

export interface Handover {
  /** Delivery IDs: this courier's from now on, and no other's. */
  readonly deliveries: readonly string[];
  /** Delivery IDs: of these, what is this courier's is nobody's from now on. */
  readonly takeBack: readonly string[];
}

/**
 * Hands deliveries to a courier: an API key that names them redeems these, and no others. What was handed to them before
 * stays theirs, so that a list of this morning takes back nothing of yesterday that is still on the road.
 *
 * @returns how many were not this courier's before, and how many were and are not any more
 * @throws {IssueError} `invalid-delivery` with all its faults
 */
export async function handDeliveries(
  deps: VoucherDeps,
  courier: string,
  { deliveries, takeBack }: Handover,
  actor: Actor,
): Promise<{ handed: number; takenBack: number }> {
  const faults = [
    ...checkCourier(courier),
    ...checkIds(deliveries, "/deliveries", new Set()),
    ...checkIds(takeBack, "/takeBack", new Set(deliveries)),
  ];
  if (faults.length > 0) throw new IssueError("invalid-delivery", "the handover has faults", faults);
  const act = { deps, actor, now: deps.now() };
  return deps.store.transaction(async (rows) => {
    await requireDeliveries(rows, { deliveries, takeBack });
    let [handed, takenBack] = [0, 0];
    for (const id of deliveries) if (await hand(rows, { id, courier }, act)) handed++;
    for (const id of takeBack) {
      if ((await rows.findDelivery(id))?.courier !== courier) continue;
      await rows.setDeliveryCourier(id, null);
      await append(rows, "delivery-taken-back", { ...act, deliveryId: id, reason: `from ${courier}` });
      takenBack++;
    }
    return { handed, takenBack };
  });
}

/** @returns false: it was this courier's already */
async function hand(rows: VoucherReach, { id, courier }: { id: string; courier: string }, act: Act): Promise<boolean> {
  const before = (await rows.findDelivery(id))?.courier ?? null;
  if (before === courier) return false;
  await rows.setDeliveryCourier(id, courier);
  const from = before === null ? "" : `from ${before} `;
  await append(rows, "delivery-handed", { ...act, deliveryId: id, reason: `${from}to ${courier}` });
  return true;
}

/** What can be judged without the database. */
export function checkCourier(courier: string): readonly Fault[] {
  // The star on an API key means all couriers: as a name it would hand to a key what nobody meant.
  if (NAME.test(courier) && courier !== ALL_COURIERS) return [];
  const detail = "a courier's name is 1 to 64 printable ASCII characters, no blank at either end, and not *";
  return [{ pointer: "/courier", code: "courier", detail }];
}

function checkIds(ids: readonly string[], pointer: string, others: ReadonlySet<string>): readonly Fault[] {
  const seen = new Set(others);
  return ids.flatMap((id, index) => {
    const at = `${pointer}/${index}`;
    if (!isDeliveryId(id))
      return {
        pointer: at,
        code: "delivery-id",
        detail: "a delivery ID is 1 to 64 printable ASCII characters, no spaces",
      };
    if (seen.has(id))
      return { pointer: at, code: "duplicate", detail: "the same delivery stands in the request already" };
    seen.add(id);
    return [];
  });
}

async function requireDeliveries(rows: VoucherReach, lists: Handover): Promise<void> {
  const faults: Fault[] = [];
  for (const field of ["deliveries", "takeBack"] as const)
    for (const [index, id] of lists[field].entries()) {
      if (await rows.findDelivery(id)) continue;
      const detail = "no voucher was issued for this delivery";
      faults.push({ pointer: `/${field}/${index}`, code: "unknown-delivery", detail });
    }
  if (faults.length > 0) throw new IssueError("invalid-delivery", "the handover has faults", faults);
}

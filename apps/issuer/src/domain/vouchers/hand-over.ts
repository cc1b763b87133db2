import { ALL_COURIERS } from "@doorproof/api/lists";
import { NAME } from "@doorproof/voucher/codec";
import { append } from "../audit/index.ts";
import { type Fault, IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import { checkDeliveryIds, findDeliveries } from "./delivery-list.ts";
import type { VoucherDeps } from "./rows.ts";

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
  refuseFaults([
    ...checkCourier(courier),
    ...checkDeliveryIds(deliveries, "/deliveries"),
    ...checkDeliveryIds(takeBack, "/takeBack", new Set(deliveries)),
  ]);
  const act = { deps, actor, now: deps.now() };
  return deps.store.transaction(async (rows) => {
    const given = await findDeliveries(rows, deliveries, "/deliveries");
    const back = await findDeliveries(rows, takeBack, "/takeBack");
    refuseFaults([...given.faults, ...back.faults]);
    const handed = given.found.filter((delivery) => delivery.courier !== courier);
    const takenBack = back.found.filter((delivery) => delivery.courier === courier);
    for (const { id, courier: before } of handed) {
      await rows.setDeliveryCourier(id, courier);
      const from = before === null ? "" : `from ${before} `;
      await append(rows, "delivery-handed", { ...act, deliveryId: id, reason: `${from}to ${courier}` });
    }
    for (const { id } of takenBack) {
      await rows.setDeliveryCourier(id, null);
      await append(rows, "delivery-taken-back", { ...act, deliveryId: id, reason: `from ${courier}` });
    }
    return { handed: handed.length, takenBack: takenBack.length };
  });
}

function refuseFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new IssueError("invalid-delivery", "the handover has faults", faults);
}

/** What can be judged without the database. */
export function checkCourier(courier: string): readonly Fault[] {
  // The star on an API key means all couriers: as a name it would hand to a key what nobody meant.
  if (NAME.test(courier) && courier !== ALL_COURIERS) return [];
  const detail = "a courier's name is 1 to 64 printable ASCII characters, no blank at either end, and not *";
  return [{ pointer: "/courier", code: "courier", detail }];
}

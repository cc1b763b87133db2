import { isDeliveryId } from "@doorproof/voucher";
import type { Fault } from "../errors.ts";
import type { DeliveryRow, VoucherRows } from "./rows.ts";

// A list of delivery IDs in a request: a route's stops, what is handed to a courier.

/**
 * What can be judged without the database.
 * @param pointer to the list
 * @param elsewhere what must not stand in it, since another list of the same request has it
 */
export function checkDeliveryIds(
  ids: readonly string[],
  pointer: string,
  elsewhere: ReadonlySet<string> = new Set(),
): readonly Fault[] {
  const first = new Map<string, number>();
  return ids.flatMap((id, index) => {
    const at = `${pointer}/${index}`;
    if (!isDeliveryId(id)) return faultyId(at);
    const stands = elsewhere.has(id) ? "in the request" : first.has(id) ? `at ${first.get(id)}` : null;
    if (stands !== null)
      return { pointer: at, code: "duplicate", detail: `the same delivery stands ${stands} already` };
    first.set(id, index);
    return [];
  });
}

/** Looks each of them up, once. @returns found: in the order of `ids`; faults: of those for which nothing was issued */
export async function findDeliveries(
  rows: Pick<VoucherRows, "findDelivery">,
  ids: readonly string[],
  pointer: string,
): Promise<{ found: readonly DeliveryRow[]; faults: readonly Fault[] }> {
  const found: DeliveryRow[] = [];
  const faults: Fault[] = [];
  for (const [index, id] of ids.entries()) {
    const delivery = await rows.findDelivery(id);
    if (delivery) found.push(delivery);
    else
      faults.push({
        pointer: `${pointer}/${index}`,
        code: "unknown-delivery",
        detail: "no voucher was issued for this delivery",
      });
  }
  return { found, faults };
}

export function faultyId(pointer: string): Fault {
  return { pointer, code: "delivery-id", detail: "a delivery ID is 1 to 64 printable ASCII characters, no spaces" };
}

import { append } from "../audit/index.ts";
import { IssueError } from "../errors.ts";
import type { Actor } from "../ports.ts";
import { drawTombstone, loadDelivery, statusAt } from "../vouchers/index.ts";
import type { PersonalDataDeps } from "./rows.ts";

/**
 * Takes a person out of the database: number, label, names, notes, reasons, and the delivery's ID, which may be a number
 * itself. In its place stands a tombstone that is drawn, so that the audit trail goes on telling each act of a delivery
 * that nobody can name any more.
 *
 * @returns what stands in the delivery's place
 * @throws {IssueError} `delivery-unknown`; `delivery-open`: a voucher of it lives, and its customer waits for a parcel
 */
export async function eraseDelivery(deps: PersonalDataDeps, id: string, actor: Actor): Promise<{ tombstone: string }> {
  const now = deps.now();
  const tombstone = drawTombstone(deps);
  return deps.store.transaction(async (rows) => {
    const delivery = await loadDelivery(rows, id);
    if (!delivery) throw new IssueError("delivery-unknown", "there is no such delivery");
    if (delivery.vouchers.some((voucher) => statusAt(voucher, now) === "live"))
      throw new IssueError("delivery-open", "a voucher of the delivery lives: cancel the delivery first");
    await rows.buryDelivery({ id, tombstone });
    await append(rows, "delivery-erased", { deps, actor, now, deliveryId: tombstone });
    return { tombstone };
  });
}

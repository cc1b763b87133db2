import { toHex } from "@doorproof/voucher/codec";
import type { Surroundings } from "../ports.ts";
import { isTombstone } from "../vouchers/index.ts";
import type { RedemptionReach } from "./rows.ts";

// A phone that was away uploads what it saw at a door after its delivery was erased. It is recorded, since nothing that
// happened may be missing; but neither the delivery's ID nor a person comes back with it.

/**
 * @param claims of a voucher whose signature held
 * @returns what stands in the place of its delivery; null: it was not erased
 */
export async function findTombstone(
  rows: RedemptionReach,
  claims: { readonly kid: string; readonly cti: string } | undefined,
): Promise<string | null> {
  const deliveryId = claims && (await rows.findVoucher(claims.kid + claims.cti))?.deliveryId;
  return deliveryId !== undefined && isTombstone(deliveryId) ? deliveryId : null;
}

/**
 * A name to note something under whose delivery nobody knows: it may have been erased, and no list says which were. What
 * it was called stands beside it, encrypted, and ends by age as notes do.
 */
export function drawStandIn({ random }: Pick<Surroundings, "random">): string {
  return `unknown-${toHex(random(16))}`;
}

import { toHex } from "@doorproof/voucher/codec";
import type { Surroundings } from "../ports.ts";

/** Stands in the place of an erased delivery's ID: drawn, so that nobody finds the ID from it by trying. */
export function drawTombstone({ random }: Pick<Surroundings, "random">): string {
  return `erased-${toHex(random(16))}`;
}

export function isTombstone(deliveryId: string): boolean {
  return /^erased-[0-9a-f]{32}$/.test(deliveryId);
}

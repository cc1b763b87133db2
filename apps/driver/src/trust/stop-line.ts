import type { Stop } from "@doorproof/voucher";

/**
 * A stop in one line, as lists and the log show it: its address, else whose it is. Null: the manifest says neither.
 */
export function stopLine({ label: { name, address } }: Pick<Stop, "label">): string | null {
  return address ?? name;
}

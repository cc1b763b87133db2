import type { Entry } from "../ledger/entry.ts";
import { writeEntry } from "./wire.ts";

/** Bytes of a body; the issuer takes 256 KiB. */
const MAX_BODY = 250_000;

/** As many of the first entries as fit into one upload, at least one. */
export function firstBatch(entries: readonly Entry[]): readonly Entry[] {
  let size = 0;
  const over = entries.findIndex((entry) => {
    size += new TextEncoder().encode(JSON.stringify(writeEntry(entry))).length + 1;
    return size > MAX_BODY;
  });
  return over === -1 ? entries : entries.slice(0, Math.max(1, over));
}

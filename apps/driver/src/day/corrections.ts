import type { AttemptReason } from "@doorproof/api/lists";
import { type DraftDeps, rewrite, stamp, type Taker } from "../ledger/drafts.ts";
import type { Memory } from "../ledger/memory.ts";
import { stopLine } from "../trust/stop-line.ts";
import type { Trouble } from "./day.ts";

// What a driver records without a voucher: that nobody took a parcel, that an entry was a mistake, or that somebody
// else took it.

export async function writeAttempt(
  deps: DraftDeps,
  { ledger, state, refresh }: Memory,
  { deliveryId, reason, note }: { deliveryId: string; reason: AttemptReason; note: string | undefined },
): Promise<Trouble | null> {
  const stop = state.value.trust?.manifest?.stops.find((each) => each.deliveryId === deliveryId);
  const said = note?.trim().slice(0, 500);
  const attempt = { kind: "attempt", deliveryId, reason, ...(said ? { note: said } : {}) } as const;
  try {
    await ledger.write(stamp(deps, state.value, stop ? stopLine(stop) : null, attempt));
    await refresh();
    return null;
  } catch {
    return "not-recorded";
  }
}

/**
 * Undoes an entry, and writes it anew with another taker if one is given.
 * @returns `standing`: the ID of the entry that stands in its place; null: there is nothing to give to another
 */
export async function takeBack(
  deps: DraftDeps,
  { ledger, state, refresh }: Memory,
  entryId: string,
  taker: Taker | null,
): Promise<{ readonly trouble: Trouble } | { readonly trouble: null; readonly standing: string | null } | null> {
  const entry = state.value.contents.recent.find(({ id }) => id === entryId);
  const undo = stamp(deps, state.value, null, { kind: "undo", of: entryId });
  const instead =
    taker && entry?.kind === "redemption" ? rewrite(entry, taker, { ...undo, id: deps.uuid() }) : undefined;
  if (taker && !instead) return null;
  try {
    const done = await ledger.undo(entryId, undo, instead);
    await refresh();
    return done ? { trouble: null, standing: instead?.id ?? null } : { trouble: "too-late" };
  } catch {
    return { trouble: "not-recorded" };
  }
}

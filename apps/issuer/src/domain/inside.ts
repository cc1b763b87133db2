import type { Deps } from "./ports.ts";

/**
 * The same dependencies inside a transaction that is open: one that a verb opens becomes part of it, so that several
 * verbs are kept or lost together.
 */
export function inside<Rows>(deps: Deps<Rows>, rows: Rows): Deps<Rows> {
  return { ...deps, store: { ...rows, transaction: (work) => work(rows) } };
}

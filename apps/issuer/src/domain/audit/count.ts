import type { EventType } from "@doorproof/api/lists";
import type { Deps } from "../ports.ts";
import type { AuditRows } from "./rows.ts";

/**
 * How many events of each kind since the database was made, whichever process wrote them: imports and other processes
 * count too.
 */
export function countEvents({
  store,
}: Pick<Deps<AuditRows>, "store">): Promise<readonly { readonly kind: EventType; readonly count: number }[]> {
  return store.countEvents();
}

import type { Deps } from "../ports.ts";
import type { MessageRows } from "./rows.ts";

/** Seconds for which the oldest due message has waited: for the operator's metrics. */
export async function queueAge({ store, now }: Pick<Deps<MessageRows>, "store" | "now">): Promise<number> {
  const oldest = await store.oldestDueSms(now());
  return oldest === undefined ? 0 : Math.max(0, now() - oldest);
}

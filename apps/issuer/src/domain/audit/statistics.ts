import type { Deps } from "../ports.ts";

export interface Statistics {
  /** By kind of event (`voucher-issued`, `sms-sent`, …): how many since the database was made, whichever process wrote them. */
  readonly events: readonly { readonly kind: string; readonly count: number }[];
  /** Seconds for which the oldest due message has waited. */
  readonly queueAge: number;
}

/** For the operator's metrics: read from the database, so that imports and other processes count too. */
export async function readStatistics({ store, now }: Deps): Promise<Statistics> {
  const oldest = await store.oldestDueSms(now());
  return { events: await store.countEvents(), queueAge: oldest === undefined ? 0 : Math.max(0, now() - oldest) };
}

import type { KnownApiKey } from "./check-api-key.ts";
import type { AccessDeps } from "./rows.ts";

/** Seconds between two notes of a key's use: with a write at each request every read would wait for the disk. */
const NOTE_EVERY = 60;

/** Notes that a key was used now, to the minute. */
export async function noteKeyUse({ store, now: clock }: AccessDeps, key: KnownApiKey): Promise<void> {
  const { id, lastUsedAt } = key;
  const now = clock();
  // In both directions: after the clock was put back a use would else not be noted until it has caught up.
  if (lastUsedAt !== null && Math.abs(now - lastUsedAt) < NOTE_EVERY) return;
  await store.setApiKey(id, { lastUsedAt: now });
}

import { signal } from "@preact/signals";
import type { Update } from "./update.ts";

/** For the page in one file, which does not update itself: people replace it by a newer file. */
export const NO_UPDATE: Update = { ready: signal(false), apply: () => {} };

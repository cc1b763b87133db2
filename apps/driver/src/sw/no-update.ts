import { signal } from "@preact/signals";
import type { Update } from "./update.ts";

/** For a page that is replaced by the next one that somebody hands over. */
export const NO_UPDATE: Update = { ready: signal(false), apply: () => {} };

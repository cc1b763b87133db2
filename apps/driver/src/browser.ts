import type { Deps } from "./day/deps.ts";
import { openKdf } from "./hardware/kdf.ts";

/** What every page of the app takes from its browser, but for clock, randomness and network. */
export function openBrowser(): Pick<Deps, "scrypt" | "locks" | "persist" | "after" | "on" | "visible" | "version"> {
  return {
    scrypt: openKdf(),
    locks: navigator.locks,
    persist: async () => (await navigator.storage?.persist?.()) ?? null,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    on: (event, run) => {
      if (event === "online") addEventListener("online", run);
      else document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && run());
    },
    visible: () => document.visibilityState === "visible",
    version: __VERSION__,
  };
}

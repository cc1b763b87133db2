import { type ReadonlySignal, signal } from "@preact/signals";
import { Workbox } from "workbox-window";

/** A newer version that lies ready on the phone. */
export interface Update {
  readonly ready: ReadonlySignal<boolean>;
  /** Activates it and reloads. Called by a tap, on a screen where nothing can be lost. */
  apply(): void;
}

const HOUR = 3_600_000;

/** Registers the service worker. It never reloads by itself: the driver may be standing at a door. */
export function watchForUpdate(): Update {
  const ready = signal(false);
  if (!("serviceWorker" in navigator)) return { ready, apply: () => {} };
  // The worker must not come from the HTTP cache: a phone could keep an old version for a day.
  const workbox = new Workbox("/driver/sw.js", { scope: "/driver/", updateViaCache: "none" });
  let asked = false;
  workbox.addEventListener("waiting", () => {
    ready.value = true;
  });
  workbox.addEventListener("controlling", () => {
    // At the very first start a worker takes control as well, without anybody having asked for a reload.
    if (asked) location.reload();
  });
  const look = () => void workbox.update().catch(() => {}); // no signal: the next try will do
  void workbox
    .register()
    .then(() => {
      // Apps on an iPhone's home screen do not look for updates by themselves.
      document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
      addEventListener("pageshow", ({ persisted }) => persisted && look());
      setInterval(look, HOUR);
    })
    .catch(() => {}); // refused in private windows: the app then runs online only
  return {
    ready,
    apply: () => {
      asked = true;
      workbox.messageSkipWaiting();
    },
  };
}

import { signal } from "@preact/signals";
import { runApp } from "./app.ts";
import { openBrowser } from "./browser.ts";
import { startDay } from "./day/start-day.ts";
import { warmDecoder } from "./hardware/camera.ts";
import { openLedger } from "./ledger/ledger.ts";
import type { Invitation } from "./screens/context.ts";
import { watchForUpdate } from "./sw/update.ts";
import { startSchedule } from "./sync/schedule.ts";

// The app as an issuer serves it. Only main.* asks a clock, draws a random number, or knows where the app is served.

const BASE = "/driver/";

const now = () => Math.floor(Date.now() / 1000);
const base = `${location.origin}/`;
const browser = openBrowser();
const ledgerName = "doorproof";

const day = startDay({
  ...browser,
  openLedger: () => openLedger(ledgerName),
  ledgerName,
  now,
  ticks: () => performance.now(),
  uuid: () => crypto.randomUUID(),
  base,
  sync: (memory) =>
    startSchedule({ fetch: (...request) => fetch(...request), base, now, after: browser.after }, memory),
});

const invitation = signal(takeInvitation());
addEventListener("hashchange", () => {
  invitation.value = takeInvitation() ?? invitation.value;
});
runApp({ day, now, network: true, update: watchForUpdate(), invitation });
warm();

/**
 * After the first screen is drawn, because the decoder's wasm is a megabyte. At the very first start only after the
 * service worker has fetched it: else it would be fetched twice, or break off where the signal ends.
 */
function warm(): void {
  const keeper = navigator.serviceWorker;
  if (keeper && !keeper.controller) keeper.addEventListener("controllerchange", warmDecoder, { once: true });
  else requestAnimationFrame(() => setTimeout(warmDecoder, 300));
}

/**
 * What stands behind the `#`, which reaches no server. It is removed from the address bar at once, so that the token is
 * not in the history, or on a photograph of the screen.
 */
function takeInvitation(): Invitation | null {
  const hash = location.hash.slice(1);
  if (hash === "") return null;
  history.replaceState(history.state, "", BASE);
  return hash.includes("=") ? { kind: "pin", text: `${base}driver/#${hash}` } : { kind: "enrol", token: hash };
}

import { effect, signal } from "@preact/signals";
import { startDay } from "./day/start-day.ts";
import { warmDecoder } from "./hardware/camera.ts";
import { openKdf } from "./hardware/kdf.ts";
import { openSound } from "./hardware/sound.ts";
import { listenForWedge } from "./hardware/wedge.ts";
import { chooseLanguage, LANGUAGES } from "./languages/language.ts";
import { openLedger } from "./ledger/ledger.ts";
import { renderApp } from "./screens/app.tsx";
import type { Invitation } from "./screens/context.ts";
import { TONES } from "./screens/result-text.ts";
import { openWay } from "./screens/router.ts";
import { followKeyboard } from "./screens/visible.ts";
import { NO_UPDATE, watchForUpdate } from "./sw/update.ts";
import { adopt, readPublished } from "./sync/published.ts";

// Wires: the only file that asks a clock, draws a random number, or knows where the app is served.

declare const __VERSION__: string;

const BASE = "/driver/";

const now = () => Math.floor(Date.now() / 1000);

/** A page that was published as one file carries an issuer's keys, and asks no network. */
const published = readPublished(document.getElementById("published")?.textContent);
// Pages of several issuers may share one origin, that of files.
const ledgerName = published ? `doorproof ${published.issuer}` : "doorproof";

const day = startDay({
  openLedger: async () => {
    const ledger = await openLedger(ledgerName);
    if (published) await adopt(ledger, published);
    return ledger;
  },
  ledgerName,
  now,
  ticks: () => performance.now(),
  uuid: () => crypto.randomUUID(),
  fetch: published ? () => Promise.reject(new TypeError("no network")) : (...request) => fetch(...request),
  base: published ? "https://network.invalid/" : `${location.origin}/`,
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
});

const kept = openPreferences();
const wanted = kept.read("language");
const phone = {
  now: signal(now()),
  language: signal(chooseLanguage(LANGUAGES.find((each) => each === wanted) ?? null, navigator.languages)),
  network: published === null,
  update: published ? NO_UPDATE : watchForUpdate(),
  install: signal<{ prompt(): Promise<unknown> } | null>(null),
  installed: matchMedia("(display-mode: standalone)").matches,
  invitation: signal(takeInvitation()),
  cameraKnown: signal(kept.read("camera") === "known"),
};
setInterval(() => {
  phone.now.value = now();
}, 1000);
effect(() => kept.write("language", phone.language.value));
effect(() => {
  if (phone.cameraKnown.value) kept.write("camera", "known");
});

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  phone.install.value = event as Event & { prompt(): Promise<unknown> };
});
addEventListener("appinstalled", () => {
  phone.install.value = null;
});
addEventListener("hashchange", () => {
  phone.invitation.value = takeInvitation() ?? phone.invitation.value;
});

// The tone goes out before the screen is drawn: it is what is noticed first.
const sound = openSound();
effect(() => {
  const outcome = day.outcome.value;
  const tone = outcome && TONES[outcome.kind];
  if (tone && tone !== "quiet") sound.play(tone);
});

// A scanner that types may go on after red; an amber question wants its answer first.
listenForWedge((text) => {
  if (day.outcome.peek()?.kind !== "decide") void day.scanned(text);
});

const root = document.getElementById("app");
if (root) renderApp({ day, phone, way: openWay() }, root);
followKeyboard();
warm();

/** After the first picture, for the decoder's wasm is a megabyte. At a very first start not before the service worker has it: fetched beside that
 * one it would come twice, or break off halfway where the signal ends. */
function warm(): void {
  const keeper = published ? undefined : navigator.serviceWorker;
  if (keeper && !keeper.controller) keeper.addEventListener("controllerchange", warmDecoder, { once: true });
  else requestAnimationFrame(() => setTimeout(warmDecoder, 300));
}

/** What stands behind the `#`, which never reaches a server, and leaves the address bar at once: a token in the history is a token on a photo. */
function takeInvitation(): Invitation | null {
  const hash = location.hash.slice(1);
  if (hash === "" || published) return null;
  history.replaceState(history.state, "", BASE);
  return hash.includes("=")
    ? { kind: "pin", text: `${location.origin}${BASE}#${hash}` }
    : { kind: "enrol", token: hash };
}

/** Language and camera, for the next start. What matters is in the ledger; a browser that forbids this loses nothing. */
function openPreferences() {
  return {
    read: (name: string): string | null => {
      try {
        return localStorage.getItem(name);
      } catch {
        return null;
      }
    },
    write: (name: string, value: string): void => {
      try {
        localStorage.setItem(name, value);
      } catch {
        // a private window: it asks again next time
      }
    },
  };
}

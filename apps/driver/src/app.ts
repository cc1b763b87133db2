import { effect, type Signal, signal } from "@preact/signals";
import type { Day } from "./day/day.ts";
import { openSound } from "./hardware/sound.ts";
import { listenForWedge } from "./hardware/wedge.ts";
import { chooseLanguage, LANGUAGES } from "./languages/language.ts";
import { renderApp } from "./screens/app.tsx";
import type { Invitation } from "./screens/context.ts";
import { TONES } from "./screens/result-text.ts";
import { openRouter } from "./screens/router.ts";
import { followKeyboard } from "./screens/visible.ts";
import type { Update } from "./sw/update.ts";

interface AppDeps {
  readonly day: Day;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly network: boolean;
  readonly update: Update;
  readonly invitation: Signal<Invitation | null>;
}

/** Shows the day, with its tones and hardware scanners: the same in every page of the app. */
export function runApp({ day, now, network, update, invitation }: AppDeps): void {
  const { door } = day;
  const kept = openPreferences();
  const wanted = kept.read("language");
  const phone = {
    now: signal(now()),
    language: signal(chooseLanguage(LANGUAGES.find((each) => each === wanted) ?? null, navigator.languages)),
    network,
    update,
    install: signal<{ prompt(): Promise<unknown> } | null>(null),
    installed: matchMedia("(display-mode: standalone)").matches,
    invitation,
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

  // The tone starts before the screen is drawn, since it is noticed first.
  const sound = openSound();
  effect(() => {
    const outcome = door.outcome.value;
    const tone = outcome && TONES[outcome.kind];
    if (tone && tone !== "quiet") sound.play(tone);
  });

  // A hardware scanner may scan on after a red verdict; an amber one has to be answered first.
  listenForWedge((text) => {
    if (door.outcome.peek()?.kind !== "decide") void door.scanned(text);
  });

  const root = document.getElementById("app");
  if (root) renderApp({ day, phone, router: openRouter() }, root);
  followKeyboard();
}

/** Language and camera permission, for the next start. Nothing depends on them, so a browser may forbid the storage. */
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
        // A private window may forbid it: the app asks again next time.
      }
    },
  };
}

import { computed, type ReadonlySignal, signal } from "@preact/signals";

export type Place = "home" | "stop" | "scan" | "type" | "failed" | "log" | "device" | "languages" | "enrol" | "pin";

/** Where the driver is. The phone's own back gesture goes back here too, and does not close the app. */
export interface Router {
  readonly place: ReadonlySignal<Place>;
  go(place: Place): void;
  /** The same step, elsewhere: back leads past the place that is left. */
  swap(place: Place): void;
  back(): void;
  home(): void;
}

type Step = { readonly place: Place; readonly depth: number };

export function openRouter(): Router {
  const start: Step = { place: "home", depth: 0 };
  const step = signal(start);
  // What an earlier visit left in the browser's history leads nowhere: the day begins at home.
  history.replaceState(start, "");
  addEventListener("popstate", ({ state }) => {
    step.value = isStep(state) ? state : start;
  });
  return {
    place: computed(() => step.value.place),
    go: (next) => {
      step.value = { place: next, depth: step.value.depth + 1 };
      history.pushState(step.value, "");
    },
    swap: (next) => {
      step.value = { place: next, depth: step.value.depth };
      history.replaceState(step.value, "");
    },
    back: () => {
      if (step.value.depth > 0) history.back();
    },
    home: () => {
      const { depth } = step.value;
      // The screen changes now; the history follows when the browser finds the time.
      step.value = start;
      if (depth > 0) history.go(-depth);
    },
  };
}

function isStep(state: unknown): state is Step {
  return typeof state === "object" && state !== null && "place" in state && "depth" in state;
}

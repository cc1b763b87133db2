import { computed, type ReadonlySignal, signal } from "@preact/signals";

export type Place = "home" | "stop" | "scan" | "type" | "failed" | "log" | "device" | "languages" | "enrol" | "pin";

/** Where the driver is. The phone's back gesture goes back within the app and does not close it. */
export interface Router {
  readonly place: ReadonlySignal<Place>;
  go(place: Place): void;
  /** Replaces the present place: back then leads to the one before it. */
  swap(place: Place): void;
  back(): void;
  home(): void;
}

type Step = { readonly place: Place; readonly depth: number };

export function openRouter(): Router {
  const start: Step = { place: "home", depth: 0 };
  const step = signal(start);
  // The history of an earlier visit is ignored: the app starts at home.
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
      // The screen changes at once; `history.go` is asynchronous.
      step.value = start;
      if (depth > 0) history.go(-depth);
    },
  };
}

function isStep(state: unknown): state is Step {
  return typeof state === "object" && state !== null && "place" in state && "depth" in state;
}

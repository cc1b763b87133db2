/** Milliseconds after which a code that was out of view is new again. */
const OUT_OF_SIGHT = 3000;

/** Which code the camera sees: it reports the same one ten times a second. */
export interface InView {
  /** New the first time, and again after it was out of view. */
  isNew(text: string): boolean;
  /** Keeps the last reported code in view. Another code that is held up meanwhile still counts as new later. */
  stillInView(text: string): void;
  forget(): void;
}

/** @param ticks milliseconds that only ever grow */
export function watchView(ticks: () => number): InView {
  const nothing = { text: "", at: Number.NEGATIVE_INFINITY };
  let last = nothing;
  return {
    isNew: (text) => {
      const at = ticks();
      const held = text === last.text && at - last.at < OUT_OF_SIGHT;
      last = { text, at };
      return !held;
    },
    stillInView: (text) => {
      if (text === last.text) last = { text, at: ticks() };
    },
    forget: () => {
      last = nothing;
    },
  };
}

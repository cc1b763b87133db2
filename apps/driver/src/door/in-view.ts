/** Out of sight for this long, in milliseconds, a code is a new one. */
const OUT_OF_SIGHT = 3000;

/** Which code the camera sees: it tells the same one ten times a second. */
export interface InView {
  /** New once, and again after it was out of sight. */
  isNew(text: string): boolean;
  /** Counts as seen only if it is the code that was told last: another one, held up early, is new when its turn comes. */
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

/** Between two characters of a hardware scanner, in milliseconds; people are slower. */
const GAP = 60;
const LEAST = 6;

/**
 * Listens for a scanner that types (Zebra, Honeywell, a ring on the finger): characters in quick succession, then Enter, wherever the focus is.
 * While a code is coming in, no button hears its spaces and no page search its slashes.
 * @returns stops listening
 */
export function listenForWedge(onText: (text: string) => void): () => void {
  let text = "";
  let last = 0;
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isField(event.target)) return;
    const quick = event.timeStamp - last <= GAP;
    last = event.timeStamp;
    if (event.key === "Enter") {
      const whole = quick ? text : "";
      text = "";
      if (whole.length < LEAST) return;
      event.preventDefault();
      event.stopPropagation();
      onText(whole);
    } else if (event.key.length === 1) {
      text = quick ? text + event.key : event.key;
      if (text.length > 1) event.preventDefault();
    }
  };
  addEventListener("keydown", onKey, { capture: true });
  return () => removeEventListener("keydown", onKey, { capture: true });
}

// A field gets its characters; the short code's own field hands a whole voucher on.
function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input:not([type=radio]), textarea") !== null;
}

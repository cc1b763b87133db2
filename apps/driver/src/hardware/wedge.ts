/** Between two characters of a hardware scanner, in milliseconds; people are slower. */
const GAP = 60;
const LEAST = 6;

/**
 * Listens for a scanner that types (Zebra, Honeywell, a ring on the finger): characters in quick succession, then
 * Enter, wherever the focus is. While a code is coming in, its keys are kept from buttons (space) and from the
 * browser's search (slash).
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

// Characters typed into a field are left to it; the field for the short code passes a whole voucher on itself.
function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input:not([type=radio]), textarea") !== null;
}

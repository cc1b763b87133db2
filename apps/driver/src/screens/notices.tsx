import { useEffect } from "preact/hooks";
import type { Trouble } from "../day/day.ts";
import { fill, formatTime } from "../languages/format.ts";
import { useAppContext } from "./context.ts";
import { Icon } from "./icons.tsx";

/** A mistake can be undone for ten seconds; then the record is uploaded. */
const UNDO_SECONDS = 10;
const TOAST = 3_000;

/** Undoes a green verdict that came too early. */
export function UndoBar() {
  const { day, phone, words } = useAppContext();
  const last = day.log.value[0];
  if (!last?.undoable || last.undone || phone.now.value - last.at > UNDO_SECONDS) return null;
  return (
    <div class="bar" role="status">
      <span>
        <Icon name={last.kind === "redemption" ? "check" : "cross"} /> {words.log.kinds[last.kind]}:{" "}
        <b>{last.label ?? last.deliveryId}</b>
      </span>
      <button type="button" class="action action-plain" onClick={() => void day.undo(last.id)}>
        <Icon name="undo" />
        <span>{words.result.undo}</span>
      </button>
    </div>
  );
}

/** Only where no stop is open, because a new version reloads the page. */
export function UpdateBar() {
  const { phone, words } = useAppContext();
  if (!phone.update.ready.value) return null;
  return (
    <div class="bar" role="status">
      <span>{words.update.text}</span>
      <button type="button" class="action action-plain" onClick={phone.update.apply}>
        {words.update.apply}
      </button>
    </div>
  );
}

/** What did not work, or a QR code that is no voucher: a short text over the screen. */
export function Toast() {
  const { day, door, phone, words } = useAppContext();
  const isForeign = door.outcome.value?.kind === "not-a-voucher";
  const trouble = day.trouble.value;
  // Up to the next minute: at the one before it would be refused once more.
  const format = (what: Trouble) =>
    typeof what === "string"
      ? words.trouble[what]
      : fill(words.limited, { time: formatTime(Math.ceil(what.again / 60) * 60, phone.now.value, words) });
  useEffect(() => {
    if (!isForeign) return;
    const timer = setTimeout(day.dismiss, TOAST);
    return () => clearTimeout(timer);
  }, [isForeign, door.outcome.value]);
  const text = trouble ? format(trouble) : isForeign ? words.result.notVoucher : null;
  return (
    <div class="toast-place" role="status">
      {text !== null && (
        <div class="toast">
          <span>{text}</span>
          <button type="button" onClick={day.dismiss} aria-label={words.result.close}>
            <Icon name="cross" />
          </button>
        </div>
      )}
    </div>
  );
}

export function SecondTab() {
  const { day, words } = useAppContext();
  if (day.owner.value || day.phase.value === "starting") return null;
  return (
    <p class="second-tab" role="status">
      <Icon name="alert" />
      <span>{words.secondTab}</span>
    </p>
  );
}

import { useEffect, useRef } from "preact/hooks";
import type { Outcome } from "../door/outcome.ts";
import type { Cue } from "../hardware/sound.ts";
import { useAppContext } from "./context.ts";
import { Action } from "./frame.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { SCAN_AGAIN, TYPE_AGAIN, TYPE_INSTEAD, toResultText } from "./result-text.ts";

const MARKS: Readonly<Record<Cue, IconName>> = { accept: "check", refuse: "cross", decide: "alert" };

/** Milliseconds. A green verdict closes by itself, later if it has notes to be read; red and amber ones stay. */
const READ = 1_200;
const READ_NOTES = 4_000;

/**
 * The verdict, as large as the screen. Colour, mark, word and tone each say the same, so that any one of them is
 * enough.
 */
export function Result({ outcome }: { outcome: Outcome }) {
  const { day, door, phone, router, words } = useAppContext();
  const sheet = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const verdict = toResultText(outcome, words, phone.now.peek());
  const leave = () => {
    day.dismiss();
    if (outcome.kind !== "accept") return;
    door.openStop(null);
    router.home();
  };
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    if (outcome.kind !== "accept") return;
    const timer = setTimeout(leave, outcome.notes.length > 0 ? READ_NOTES : READ);
    // A tap anywhere closes it as well. The button is for keyboards and screen readers.
    const green = sheet.current;
    green?.addEventListener("click", leave);
    return () => {
      clearTimeout(timer);
      green?.removeEventListener("click", leave);
    };
  }, [outcome]);
  if (!verdict) return null;
  const { tone, headline, reason, next, deliveryId } = verdict;
  const label = verdict.label ?? day.stops.value.find((stop) => stop.deliveryId === deliveryId)?.label ?? null;
  return (
    <div
      ref={sheet}
      class={`result result-${tone} result-${outcome.kind === "decide" ? outcome.why : outcome.kind}`}
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="verdict"
      aria-describedby="reason"
    >
      <div class="verdict">
        <span class={`mark mark-${tone}`}>
          <Icon name={MARKS[tone]} />
        </span>
        <h1 id="verdict" ref={heading} tabIndex={-1} style={{ "--letters": longestWord(headline) }}>
          {headline}
        </h1>
        {deliveryId && (
          <p class="delivery">
            {label && <strong>{label}</strong>} <span class="mono">{deliveryId}</span>
          </p>
        )}
        <p id="reason">{reason}</p>
        {verdict.notes.length > 0 && (
          <ul class="notes">
            {verdict.notes.map((note) => (
              <li key={note}>{words.notes[note]}</li>
            ))}
          </ul>
        )}
        {next && (
          <div class="what-next">
            <h2>{words.result.next}</h2>
            <p>{next}</p>
          </div>
        )}
      </div>
      <div class="dock">
        <Buttons outcome={outcome} leave={leave} />
      </div>
    </div>
  );
}

function Buttons({ outcome, leave }: { outcome: Outcome; leave: () => void }) {
  const { day, door, router, words } = useAppContext();
  const { result } = words;
  const elsewhere = (place: "scan" | "type") => {
    day.dismiss();
    if (router.place.value !== place) router.swap(place);
  };
  // The click bubbles up to the sheet, which closes.
  if (outcome.kind === "accept") return <Action icon="next" label={result.goOn} onClick={() => {}} />;
  if (outcome.kind === "decide") {
    const yes = outcome.why === "name-delivery" ? result.thisDelivery : result.handOver;
    const holdBack = <Action icon="cross" label={result.holdBack} onClick={() => void door.decide("hold-back")} />;
    if (outcome.why === "nobody") return holdBack;
    return (
      <>
        {holdBack}
        <Action kind="main" icon="check" label={yes} onClick={() => void door.decide("hand-over")} />
      </>
    );
  }
  const open = day.stops.value.find(({ deliveryId }) => deliveryId === door.open.value);
  const canType = open?.sealed === true && outcome.kind === "refuse" && TYPE_INSTEAD.includes(outcome.code);
  const again = outcome.kind !== "refuse" || SCAN_AGAIN.includes(outcome.code);
  const typed = canType && TYPE_AGAIN.includes(outcome.code);
  const [first, second] = typed ? (["type", "scan"] as const) : (["scan", "type"] as const);
  const label = { scan: result.again, type: words.stop.type };
  return (
    <>
      {canType && <Action icon={second} label={label[second]} onClick={() => elsewhere(second)} />}
      <span class="dock-row">
        <Action kind={again ? "small" : "main"} icon="cross" label={result.close} onClick={leave} />
        <Action kind={again ? "main" : "small"} icon={first} label={label[first]} onClick={() => elsewhere(first)} />
      </span>
    </>
  );
}

// The headline's size follows its longest word, because browsers may not hyphenate.
function longestWord(text: string): number {
  return Math.max(8, ...text.split(/\s/).map(({ length }) => length));
}

import { ATTEMPT_REASONS, type AttemptReason } from "@doorproof/api/lists";
import { useState } from "preact/hooks";
import { useAppContext } from "./context.ts";
import { Action, BackAction, Frame } from "./frame.tsx";

/** Nobody took it: one tap for the reason, a second one to save. */
export function Failed() {
  const { day, door, router, words } = useAppContext();
  const [reason, setReason] = useState<AttemptReason | null>(null);
  const [note, setNote] = useState("");
  const deliveryId = door.open.value;
  const save = async () => {
    if (deliveryId === null || reason === null) return;
    const kept = note.trim();
    await (kept === "" ? day.attempt(deliveryId, reason) : day.attempt(deliveryId, reason, kept));
    if (day.trouble.value !== null) return;
    door.openStop(null);
    router.home();
  };
  return (
    <Frame
      name="failed"
      title={words.failed.title}
      dock={
        <span class="dock-row">
          <BackAction />
          <Action kind="main" icon="check" label={words.failed.save} disabled={reason === null} onClick={save} />
        </span>
      }
    >
      <fieldset class="reasons">
        <legend class="said">{words.failed.title}</legend>
        {ATTEMPT_REASONS.map((each) => (
          <label key={each} class="choice">
            <input type="radio" name="reason" checked={reason === each} onChange={() => setReason(each)} />
            <span>{words.reasons[each]}</span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="note">{words.failed.note}</label>
        <textarea
          id="note"
          rows={2}
          maxLength={200}
          value={note}
          onInput={({ currentTarget }) => setNote(currentTarget.value)}
        />
      </div>
    </Frame>
  );
}

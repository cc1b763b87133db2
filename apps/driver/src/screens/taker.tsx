import { TAKERS } from "@doorproof/api/lists";
import { useAppContext } from "./context.ts";

/** Chosen before the scan, because after green the parcel is handed over. Only the recipient needs no name. */
export function Taker() {
  const { door, words } = useAppContext();
  const { who, name = "" } = door.taker.value;
  return (
    <fieldset class="taker">
      <legend>{words.stop.who}</legend>
      <div class="choices">
        {TAKERS.map((each) => (
          <label key={each} class="choice">
            <input type="radio" name="taker" checked={who === each} onChange={() => door.chooseTaker(each)} />
            <span>{words.takenBy[each].label}</span>
          </label>
        ))}
      </div>
      {who !== "recipient" && (
        <div class="field">
          <label for="taker-name">{words.takenBy[who].name}</label>
          <input
            id="taker-name"
            autocomplete="off"
            autocapitalize="words"
            enterkeyhint="done"
            maxLength={80}
            value={name}
            onInput={({ currentTarget: { value } }) =>
              value.trim() === "" ? door.chooseTaker(who) : door.chooseTaker(who, value)
            }
            onKeyDown={({ key, currentTarget }) => key === "Enter" && currentTarget.blur()}
          />
        </div>
      )}
    </fieldset>
  );
}

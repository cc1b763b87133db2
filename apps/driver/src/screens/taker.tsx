import type { TakenBy } from "@doorproof/api/lists";
import { useAppContext } from "./context.ts";

/**
 * Chosen before the scan, because after green the parcel is handed over, among those who may take it. Only the
 * recipient needs no name.
 */
export function Taker({ takers }: { takers: readonly TakenBy[] }) {
  const { door, words } = useAppContext();
  const chosen = door.taker.value;
  const who = takers.includes(chosen.who) ? chosen.who : takers[0];
  const name = who === chosen.who ? (chosen.name ?? "") : "";
  if (who === undefined) return <p class="soft">{words.result.decide.nobody.text}</p>;
  return (
    <fieldset class="taker">
      <legend>{words.stop.who}</legend>
      <div class="choices">
        {takers.map((each) => (
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

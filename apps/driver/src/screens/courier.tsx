import { useState } from "preact/hooks";
import { useAppContext } from "./context.ts";
import { UNCORRECTED } from "./uncorrected.ts";

/**
 * Without a route: the courier enters the delivery on the label, and vouchers are compared with it. Scanning without
 * works too.
 */
export function Courier() {
  const { door, router, words } = useAppContext();
  const [delivery, setDelivery] = useState("");
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (delivery.trim() === "") return;
        door.openStop(delivery.trim());
        router.go("stop");
      }}
    >
      <p class="soft">{words.pin.home}</p>
      <label for="delivery">{words.pin.delivery}</label>
      <input
        id="delivery"
        class="mono"
        autocomplete="off"
        {...UNCORRECTED}
        autocapitalize="characters"
        enterkeyhint="go"
        value={delivery}
        onInput={({ currentTarget }) => setDelivery(currentTarget.value)}
      />
      <button type="submit" class="action action-plain">
        {words.pin.compare}
      </button>
    </form>
  );
}

import { useAppContext } from "./context.ts";
import { UNCORRECTED } from "./uncorrected.ts";

const LONGEST_ID = 64;

/**
 * Without a route: the courier enters the delivery on the label, and vouchers are compared with it. Scanning without
 * works too. What stands in the field is the open stop, letter by letter: kept beside it until a button took it over, it
 * was forgotten by the other button, which scans, and by a hardware scanner, and another parcel's voucher ended green.
 */
export function Courier() {
  const { door, router, words } = useAppContext();
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (door.open.peek() !== null) router.go("stop");
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
        value={door.open.value ?? ""}
        onInput={({ currentTarget }) => {
          // Only what a delivery ID may hold is seen in the field, so that what is seen is what is compared: labels are
          // printed in groups, and typed so.
          const deliveryId = currentTarget.value.replace(/[^!-~]/g, "").slice(0, LONGEST_ID);
          currentTarget.value = deliveryId;
          door.openStop(deliveryId || null);
        }}
      />
      <button type="submit" class="action action-plain">
        {words.pin.compare}
      </button>
    </form>
  );
}

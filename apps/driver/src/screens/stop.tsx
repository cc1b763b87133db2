import { TAKERS } from "@doorproof/api/lists";
import { fill, formatTime, formatWindow } from "../languages/format.ts";
import { useAppContext } from "./context.ts";
import { Action, BackAction, Frame } from "./frame.tsx";
import { Icon } from "./icons.tsx";
import { StopDetails } from "./stop-details.tsx";
import { STATE_ICONS } from "./stop-list.tsx";
import { Taker } from "./taker.tsx";

/** One stop: who takes the delivery, and the three actions. */
export function Stop() {
  const { day, door, phone, router, words } = useAppContext();
  const deliveryId = door.open.value;
  if (deliveryId === null) return null;
  const stop = day.stops.value.find((each) => each.deliveryId === deliveryId);
  const state = stop?.state ?? "open";
  const isOpen = state === "open" || state === "failed";
  const canTake = isOpen && stop?.details?.takers.length !== 0;
  return (
    <Frame
      name="stop"
      title={stop?.label ?? deliveryId}
      dock={
        <>
          {isOpen && (
            <>
              {(stop?.sealed ?? false) && canTake && (
                <Action icon="type" label={words.stop.type} onClick={() => router.go("type")} />
              )}
              {stop && <Action icon="cross" label={words.stop.fail} onClick={() => router.go("failed")} />}
            </>
          )}
          <span class="dock-row">
            <BackAction />
            {canTake && <Action kind="main" icon="scan" label={words.stop.scan} onClick={() => router.go("scan")} />}
          </span>
        </>
      }
    >
      <p class="facts-of-stop">
        {stop?.window && <b>{formatWindow(stop.window, words)}</b>}
        {stop?.label && <span class="mono">{deliveryId}</span>}
      </p>
      {stop && state !== "open" && (
        <p class={`state stop-${state}`}>
          <Icon name={STATE_ICONS[state]} />
          <span>
            <strong>{words.states[state]}</strong>
            {stop.at !== null && `, ${formatTime(stop.at, phone.now.value, words)}`}
            {stop.reason && `: ${words.reasons[stop.reason]}`}
          </span>
        </p>
      )}
      {stop?.answer?.by && (
        <p class="soft">{fill(words.log.standing, { at: formatTime(stop.answer.by.at, phone.now.value, words) })}</p>
      )}
      {stop?.details && <StopDetails details={stop.details} />}
      {isOpen ? <Taker takers={stop?.details?.takers ?? TAKERS} /> : <p class="soft">{words.stop.closed}</p>}
    </Frame>
  );
}

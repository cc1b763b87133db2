import type { StopView } from "../day/stops.ts";
import { formatTime, formatWindow } from "../languages/format.ts";
import { useAppContext } from "./context.ts";
import { Icon, type IconName } from "./icons.tsx";

/** The stop that comes next, large enough for a glance. */
export function NextStop({ stop }: { stop: StopView }) {
  const { words } = useAppContext();
  const open = useOpenStop();
  return (
    <button type="button" class="next-stop" onClick={() => open(stop)}>
      <span class="kicker">{words.stops.next}</span>
      <strong>{stop.label ?? stop.deliveryId}</strong>
      <span class="facts-of-stop">
        {stop.window && <span>{formatWindow(stop.window, words)}</span>}
        {stop.label && <span class="mono">{stop.deliveryId}</span>}
      </span>
      <Icon name="next" />
    </button>
  );
}

export function StopList({ title, stops }: { title: string | null; stops: readonly StopView[] }) {
  return (
    <section class="stop-list">
      {title && <h2>{title}</h2>}
      <ul>
        {stops.map((stop) => (
          <li key={stop.deliveryId}>
            <StopRow stop={stop} />
          </li>
        ))}
      </ul>
    </section>
  );
}

export const STATE_ICONS: Readonly<Record<StopView["state"], IconName>> = {
  open: "ring",
  done: "check",
  failed: "cross",
  conflict: "alert",
};

function StopRow({ stop }: { stop: StopView }) {
  const { phone, words } = useAppContext();
  const open = useOpenStop();
  const { label, deliveryId, state, at, window } = stop;
  return (
    <button type="button" class={`stop-row stop-${state}`} onClick={() => open(stop)}>
      <Icon name={STATE_ICONS[state]} />
      <span class="row-words">
        <strong>{label ?? deliveryId}</strong>
        <span>
          {state === "open" ? (window ? formatWindow(window, words) : words.states.open) : words.states[state]}
          {state !== "open" && at !== null && `, ${formatTime(at, phone.now.value, words)}`}
        </span>
      </span>
    </button>
  );
}

function useOpenStop(): (stop: StopView) => void {
  const { door, router } = useAppContext();
  return ({ deliveryId }) => {
    door.openStop(deliveryId);
    router.go("stop");
  };
}

import type { StopDetails as Details } from "../day/stops.ts";
import { useAppContext } from "./context.ts";
import { Icon } from "./icons.tsx";

/** What the manifest says of a stop: who lives there, how to get there, whom to call, what it is and what is asked. */
export function StopDetails({ details }: { details: Details }) {
  const { words } = useAppContext();
  const { name, hint, named, parcels, call, asks, askDispatcher } = details;
  return (
    <div class="stop-details">
      {name && <p>{name}</p>}
      {hint && <p>{hint}</p>}
      {named && (
        <p>
          {words.stop.named} <strong>{named}</strong>
        </p>
      )}
      {call && (
        <a class="action action-small" href={call}>
          <Icon name="call" />
          <span>
            {words.stop.call} <bdi class="mono">{call.replace("tel:", "")}</bdi>
          </span>
        </a>
      )}
      {parcels.length > 0 && (
        <>
          <h2>
            {words.stop.parcels} ({parcels.length})
          </h2>
          <ul class="parcels mono">
            {parcels.map((parcel, at) => (
              <li key={`${at} ${parcel}`}>{parcel}</li>
            ))}
          </ul>
        </>
      )}
      {(asks.length > 0 || askDispatcher) && (
        <>
          <h2>{words.stop.asked}</h2>
          <ul>
            {asks.map((ask) => (
              <li key={ask}>{words.asks[ask]}</li>
            ))}
            {askDispatcher && (
              <li>
                <strong>{words.result.decide["ask-dispatcher"].headline}</strong>
              </li>
            )}
          </ul>
        </>
      )}
    </div>
  );
}

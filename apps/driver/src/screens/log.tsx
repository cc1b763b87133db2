import type { LogView } from "../day/log.ts";
import type { Catalogue } from "../languages/catalogue.ts";
import { fill, formatTime } from "../languages/format.ts";
import { useAppContext } from "./context.ts";
import { BackAction, Frame } from "./frame.tsx";
import { Icon, type IconName } from "./icons.tsx";

/** What happened today, newest first, with the issuer's answers. */
export function Log() {
  const { day, words } = useAppContext();
  const entries = day.log.value;
  return (
    <Frame name="log" title={words.log.title} dock={<BackAction />}>
      {entries.length === 0 && <p class="soft">{words.log.empty}</p>}
      <ol class="log">
        {entries.map((entry) => (
          <LogRow key={entry.id} entry={entry} />
        ))}
      </ol>
    </Frame>
  );
}

const ICONS: Readonly<Record<LogView["kind"], IconName>> = { redemption: "check", refusal: "cross", attempt: "ring" };

function LogRow({ entry }: { entry: LogView }) {
  const { day, phone, words } = useAppContext();
  const now = phone.now.value;
  const { kind, undone, at, label, deliveryId, answer } = entry;
  const attention = entry.dead !== null || answer?.status === "conflict" || answer?.status === "refused";
  return (
    <li class={`log-row log-${undone ? "undone" : kind}`}>
      <Icon name={undone ? "undo" : ICONS[kind]} />
      <div class="row-words">
        <p>
          <strong>{words.log.kinds[undone ? "undone" : kind]}</strong> <time>{formatTime(at, now, words)}</time>
        </p>
        {(label ?? deliveryId) && <p>{label ?? deliveryId}</p>}
        {formatDetails(entry, words) && <p class="soft">{formatDetails(entry, words)}</p>}
        <p class={attention ? "bad" : "soft"}>
          {attention && <Icon name="alert" />}
          {words.log.answers[entry.dead !== null ? "dead" : (answer?.status ?? "unsent")]}
        </p>
        {answer?.by && <p class="soft">{fill(words.log.standing, { at: formatTime(answer.by.at, now, words) })}</p>}
      </div>
      {entry.undoable && !undone && (
        <button type="button" class="action action-plain" onClick={() => day.undo(entry.id)}>
          <Icon name="undo" />
          <span>{words.result.undo}</span>
        </button>
      )}
    </li>
  );
}

function formatDetails({ via, takenBy, name, code, reason, note }: LogView, words: Catalogue): string {
  const details = [
    code && words.refusals[code].headline,
    reason && words.reasons[reason],
    via && words.log.via[via],
    takenBy && words.takenBy[takenBy].label,
    name,
    note,
  ];
  return details.filter((detail) => detail !== null).join(", ");
}

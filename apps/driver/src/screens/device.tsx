import { useState } from "preact/hooks";
import { sayAge, sayTime } from "../say.ts";
import { Action, BackAction, Frame } from "./frame.tsx";
import { sayClock } from "./readiness.tsx";
import { saveFile } from "./save-file.ts";
import { useScene } from "./scene.ts";

/** All that the readiness line stands for, in full sentences, and what can be done about it. */
export function Device() {
  const { day, phone, way, words } = useScene();
  const { status } = words;
  const ready = day.readiness.value;
  const identity = day.identity.value;
  const [exporting, setExporting] = useState(false);
  const age = (seconds: number | null) => (seconds === null ? status.none : sayAge(seconds, words));
  const facts: readonly (readonly [string, string])[] = [
    ...(identity ? [[status.issuer, identity.issuer] as const] : []),
    ...(identity?.route ? [[status.route, identity.route] as const] : []),
    [status.synced, ready.syncedAt === null ? status.none : sayTime(ready.syncedAt, phone.now.value, words)],
    [status.unsent, String(ready.unsent)],
    ...(ready.deadLetters > 0 ? [[status.deadLetters, String(ready.deadLetters)] as const] : []),
    ...(identity?.route ? [[status.manifest, age(ready.manifestAge)] as const] : []),
    [status.keys, age(ready.keysAge)],
    [status.list, age(ready.revocationsAge)],
    [status.clock, sayClock(ready.clockDifference, words).text],
    [status.storage, sayStorage()],
    [status.version, ready.version],
  ];
  const exportUnsent = async () => {
    setExporting(true);
    try {
      await saveFile(await day.exportUnsent(), "doorproof-unsent.json");
    } finally {
      setExporting(false);
    }
  };
  return (
    <Frame
      name="device"
      title={status.title}
      dock={
        <span class="dock-row">
          <BackAction />
          <Action
            kind="main"
            icon="sync"
            label={ready.syncing ? status.syncing : status.sync}
            disabled={ready.syncing}
            onClick={() => void day.syncNow()}
          />
        </span>
      }
    >
      {ready.sync && <p role="status">{status.answers[ready.sync]}</p>}
      {ready.documentRefused && (
        <p class="bad">
          {status.documentRefused}: {words.refusals[ready.documentRefused].reason.replace(/\{\w+\}/g, "…")}
        </p>
      )}
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {ready.unsent > 0 && (
        <Action icon="log" label={status.export} disabled={exporting} onClick={() => void exportUnsent()} />
      )}
      {!phone.installed && (
        <section class="card">
          <h2>{status.install.headline}</h2>
          <p>{status.install.text}</p>
          {phone.install.value && (
            <Action icon="door" label={status.installNow} onClick={() => void phone.install.value?.prompt()} />
          )}
        </section>
      )}
      <Action icon="door" label={words.enrol.title} onClick={() => way.go("enrol")} />
    </Frame>
  );

  function sayStorage(): string {
    if (ready.persisted === null) return status.unknown;
    return ready.persisted ? status.persisted : status.notPersisted;
  }
}

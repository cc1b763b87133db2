import { useState } from "preact/hooks";
import { formatAge, formatTime } from "../languages/format.ts";
import { useAppContext } from "./context.ts";
import { Action, BackAction, FileAction, Frame } from "./frame.tsx";
import { clockFacts } from "./readiness.tsx";
import { saveFiles } from "./save-files.ts";

/** All that the readiness line stands for, in full sentences, and what can be done about it. */
export function Device() {
  const { day, phone, router, words } = useAppContext();
  const { status } = words;
  const ready = day.readiness.value;
  const identity = day.identity.value;
  const [exporting, setExporting] = useState(false);
  const age = (seconds: number | null) => (seconds === null ? status.none : formatAge(seconds, words));
  const facts: readonly (readonly [string, string])[] = [
    ...(identity ? [[status.issuer, identity.issuer] as const] : []),
    ...(identity?.route ? [[status.route, identity.route] as const] : []),
    ...(phone.network ? [[status.synced, formatSynced()] as const] : []),
    [status.unsent, String(ready.unsent)],
    ...(ready.deadLetters > 0 ? [[status.deadLetters, String(ready.deadLetters)] as const] : []),
    ...(identity?.route ? [[status.manifest, age(ready.manifestAge)] as const] : []),
    [status.keys, age(ready.keysAge)],
    [status.list, age(ready.revocationsAge)],
    ...clockFacts(ready, words, phone).map(({ text }) => [status.clock, text] as const),
    [status.storage, formatStorage()],
    [status.version, ready.version],
  ];
  const exportUnsent = async () => {
    setExporting(true);
    try {
      await saveFiles(await day.exportUnsent());
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
          {phone.network ? (
            <Action
              kind="main"
              icon="sync"
              label={ready.syncing ? status.syncing : status.sync}
              disabled={ready.syncing}
              onClick={() => void day.syncNow()}
            />
          ) : (
            <FileAction kind="main" icon="log" label={words.page.load} onFile={load} />
          )}
        </span>
      }
    >
      {!phone.network && <p>{words.page.lead}</p>}
      {phone.network && ready.sync && <p role="status">{status.answers[ready.sync]}</p>}
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
      {phone.network && !phone.installed && (
        <section class="card">
          <h2>{status.install.headline}</h2>
          <p>{status.install.text}</p>
          {phone.install.value && (
            <Action icon="door" label={status.installNow} onClick={() => void phone.install.value?.prompt()} />
          )}
        </section>
      )}
      {phone.network && <Action icon="door" label={words.enrol.title} onClick={() => router.go("enrol")} />}
    </Frame>
  );

  async function load(file: File): Promise<void> {
    await day.pin({ bytes: new Uint8Array(await file.arrayBuffer()) });
  }

  function formatSynced(): string {
    return ready.syncedAt === null ? status.none : formatTime(ready.syncedAt, phone.now.value, words);
  }

  function formatStorage(): string {
    if (ready.persisted === null) return status.unknown;
    return ready.persisted ? status.persisted : status.notPersisted;
  }
}

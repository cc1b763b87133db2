import type { DeviceState } from "../ledger/device-state.ts";
import type { Entry } from "../ledger/entry.ts";
import type { Used } from "../ledger/rows.ts";
import { KINDS, type Trust } from "../trust/documents.ts";
import type { LogView, Readiness, StopView } from "./day.ts";

// From what the ledger holds to what the screens show: pure. Times are seconds since 1970.

const DAY = 86_400;

/** The manifest's stops in driving order, then what was done today and is on it no more, in the order in which it was done. */
export function showStops(
  { contents: { device, used, recent }, trust }: DeviceState,
  now: number,
): readonly StopView[] {
  const issuer = device.identity?.issuer;
  const uses = new Map(used.filter((use) => use.issuer === issuer).map((use) => [use.deliveryId, use]));
  const attempts = new Map(
    recent.flatMap((entry) =>
      entry.kind === "attempt" && entry.issuer === issuer && entry.undoneBy === undefined
        ? [[entry.deliveryId, entry] as const]
        : [],
    ),
  );
  const listed = (trust?.manifest?.stops ?? []).map(({ deliveryId, label, window }) =>
    stop(deliveryId, { label, window, sealed: true }),
  );
  const known = new Set(listed.map(({ deliveryId }) => deliveryId));
  const labels = new Map(recent.flatMap((entry) => ("deliveryId" in entry ? [[entry.deliveryId, entry.label]] : [])));
  const gone = [...uses.values(), ...attempts.values()]
    .filter(({ deliveryId, at }) => !known.has(deliveryId) && isToday(at, now))
    .sort((a, b) => a.at - b.at)
    .map(({ deliveryId }) => deliveryId);
  const rest = [...new Set(gone)].map((deliveryId) =>
    stop(deliveryId, { label: labels.get(deliveryId) ?? null, window: null, sealed: false }),
  );
  return [...listed, ...rest];

  function stop(deliveryId: string, view: Pick<StopView, "label" | "window" | "sealed">): StopView {
    const use = uses.get(deliveryId);
    const attempt = attempts.get(deliveryId);
    if (use) return { deliveryId, ...view, state: stateOf(use), at: use.at, reason: null, answer: use.answer ?? null };
    if (attempt) return { deliveryId, ...view, state: "failed", at: attempt.at, reason: attempt.reason, answer: null };
    return { deliveryId, ...view, state: "open", at: null, reason: null, answer: null };
  }
}

/** Newest first. */
export function showLog({ contents: { device, recent } }: DeviceState, now: number): readonly LogView[] {
  const replaced = new Set(recent.flatMap((entry) => (entry.kind === "redemption" ? (entry.replaces ?? []) : [])));
  return recent
    .filter((entry) => isToday(entry.at, now) || entry.answer === undefined)
    .flatMap((entry) => (entry.kind === "undo" || replaced.has(entry.id) ? [] : line(entry, device.offered)))
    .reverse();
}

/** What only this run of the app knows of itself. */
export type Session = Pick<Readiness, "sync" | "syncing" | "documentRefused" | "version" | "persisted">;

export function showReadiness({ contents, trust }: DeviceState, session: Session, now: number): Readiness {
  const { device, unsent, dead } = contents;
  const [keys, revocations, manifest] = KINDS.map((kind) => issuedAt(trust, kind));
  const age = (issued: number | null | undefined) => (issued == null ? null : Math.max(0, now - issued));
  return {
    ...session,
    sync: device.revoked ? "revoked" : session.sync,
    keysAge: age(keys),
    revocationsAge: age(revocations),
    manifestAge: age(manifest),
    manifestExpired: device.identity?.kind === "enrolled" && !(trust?.manifest && now < trust.manifest.expiresAt),
    unsent: unsent + dead,
    deadLetters: dead,
    clockDifference: device.clockDifference,
    syncedAt: device.syncedAt,
  };
}

function issuedAt(trust: Trust | null, kind: (typeof KINDS)[number]): number | null {
  return (kind === "keys" ? trust?.keys.list : trust?.[kind])?.issuedAt ?? null;
}

function stateOf({ answer }: Used): StopView["state"] {
  return answer?.status === "conflict" || answer?.status === "refused" ? "conflict" : "done";
}

// A clock that was set is no reason to hide what was just done.
function isToday(at: number, now: number): boolean {
  return Math.abs(now - at) < DAY;
}

const EMPTY = {
  deliveryId: null,
  via: null,
  takenBy: null,
  name: null,
  code: null,
  reason: null,
  note: null,
} as const;

function line(entry: Exclude<Entry, { kind: "undo" }>, offered: number): LogView {
  const undone = entry.undoneBy !== undefined;
  const view = {
    ...EMPTY,
    id: entry.id,
    at: entry.at,
    label: entry.label,
    undone,
    undoable: !undone && entry.kind !== "refusal" && entry.seq > offered,
    answer: entry.answer ?? null,
    dead: entry.dead ?? null,
  };
  switch (entry.kind) {
    case "redemption": {
      const { kind, deliveryId, via, takenBy, name } = entry;
      return { ...view, kind, deliveryId, via, takenBy, name: name ?? null };
    }
    case "refusal":
      return { ...view, kind: entry.kind, code: entry.code, deliveryId: entry.deliveryId ?? null };
    case "attempt": {
      const { kind, deliveryId, reason, note } = entry;
      return { ...view, kind, deliveryId, reason, note: note ?? null };
    }
  }
}

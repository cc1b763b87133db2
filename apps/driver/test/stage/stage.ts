import { signal } from "@preact/signals";
import type { Day, LogView, Phase, Readiness, StopView, Trouble } from "../../src/day.ts";
import type { TakenBy } from "../../src/entry.ts";
import type { Language } from "../../src/language.ts";
import type { Outcome } from "../../src/outcome.ts";
import { renderApp } from "../../src/screens/app.tsx";
import type { Invitation, Phone } from "../../src/screens/scene.ts";
import { openWay, type Place } from "../../src/screens/way.ts";
import { listenForWedge } from "../../src/wedge.ts";

// A day without a ledger, an issuer or a verifier: every state that the screens can be shown in, set by hand. Not shipped.

const NOW = 1_795_428_000; // 2026-11-23 10:00 UTC
const HOUR = 3_600;

const street = [
  "Rosa Marín, 14 Mill Lane",
  "J. Okonkwo, Flat 3, Harbour Court",
  "Müller Optik, Kirchgasse 9",
  "Y. Tan, 2 The Green",
];

function stop(index: number, over: Partial<StopView> = {}): StopView {
  const base = { at: null, reason: null, answer: null, sealed: true, state: "open" } as const;
  const label = street[index % street.length] ?? null;
  const window = index % 3 === 2 ? null : { from: NOW + index * 900, to: NOW + index * 900 + 2 * HOUR };
  return { deliveryId: `RR1234567${80 + index}DE`, label, window, ...base, ...over };
}

const stops = signal<readonly StopView[]>([
  stop(0, { state: "done", at: NOW - 1_200 }),
  stop(1, { state: "failed", at: NOW - 600, reason: "no-answer" }),
  stop(2, { state: "conflict", at: NOW - 3_000, answer: { status: "conflict", by: { at: NOW - 4_000 } } }),
  ...Array.from({ length: 9 }, (_, i) => stop(i + 3)),
]);

const entry: LogView = {
  id: "a",
  kind: "redemption",
  at: NOW - 5,
  deliveryId: "RR123456780DE",
  label: street[0] ?? null,
  via: "scan",
  takenBy: "neighbour",
  name: "Mrs Holt, number 16",
  code: null,
  reason: null,
  note: null,
  undone: false,
  undoable: true,
  answer: null,
  dead: null,
};

const log = signal<readonly LogView[]>([
  entry,
  {
    ...entry,
    id: "b",
    undoable: false,
    at: NOW - 900,
    answer: { status: "accepted" },
    via: "code",
    takenBy: "recipient",
    name: null,
  },
  {
    ...entry,
    id: "c",
    undoable: false,
    at: NOW - 1_900,
    kind: "refusal",
    code: "expired",
    via: null,
    takenBy: null,
    name: null,
    answer: { status: "noted" },
  },
  {
    ...entry,
    id: "d",
    undoable: false,
    at: NOW - 2_900,
    kind: "attempt",
    reason: "no-answer",
    note: "dog in the yard",
    via: null,
    takenBy: null,
    name: null,
  },
  {
    ...entry,
    id: "e",
    undoable: false,
    at: NOW - 3_900,
    answer: { status: "conflict", by: { at: NOW - 4_000, reporter: "van-7" } },
  },
  { ...entry, id: "f", undoable: false, at: NOW - 4_900, undone: true },
]);

const readiness: Readiness = {
  keysAge: 2 * HOUR,
  revocationsAge: 1_500,
  manifestAge: 1_500,
  manifestExpired: false,
  unsent: 2,
  deadLetters: 0,
  clockDifference: 4,
  syncedAt: NOW - 1_500,
  sync: "done",
  syncing: false,
  documentRefused: null,
  version: "0.1.0",
  persisted: true,
};

const calls: unknown[][] = [];
const note =
  (name: string) =>
  (...values: unknown[]) => {
    calls.push([name, ...values]);
  };
const later =
  (name: string) =>
  async (...values: unknown[]) => {
    calls.push([name, ...values]);
  };

const state = {
  phase: signal<Phase>("ready"),
  owner: signal(true),
  identity: signal<{ issuer: string; route: string | null } | null>({ issuer: "Parcel Post", route: "north-7" }),
  stops,
  open: signal<string | null>(null),
  readiness: signal(readiness),
  outcome: signal<Outcome | null>(null),
  working: signal(false),
  pause: signal<{ deliveryId: string; until: number } | null>(null),
  taker: signal<{ who: TakenBy; name?: string }>({ who: "recipient" }),
  log,
  trouble: signal<Trouble | null>(null),
};

const day: Day = {
  ...state,
  openStop: (deliveryId) => {
    calls.push(["openStop", deliveryId]);
    state.open.value = deliveryId;
    state.taker.value = { who: "recipient" };
  },
  chooseTaker: (who, name) => {
    calls.push(["chooseTaker", who, name]);
    state.taker.value = name === undefined ? { who } : { who, name };
  },
  scanned: later("scanned"),
  stillInView: () => {},
  typed: later("typed"),
  decide: later("decide"),
  takenBy: later("takenBy"),
  attempt: later("attempt"),
  undo: later("undo"),
  dismiss: () => {
    note("dismiss")();
    state.outcome.value = null;
    state.trouble.value = null;
  },
  enrol: later("enrol"),
  pin: later("pin"),
  syncNow: later("syncNow"),
  exportUnsent: async () => [new File(['{"records":[]}'], "doorproof-acme-1.json", { type: "application/json" })],
  stop: later("stop"),
};

const phone: Phone = {
  now: signal(NOW),
  language: signal<Language>("en"),
  network: true,
  update: { ready: signal(false), apply: note("update") },
  install: signal(null),
  installed: false,
  invitation: signal<Invitation | null>(null),
  cameraKnown: signal(false),
};

const way = openWay();

/** What a test sets and asks, by name. */
export interface Stage {
  set(name: keyof typeof state, value: unknown): void;
  language(language: Language): void;
  go(place: Place): void;
  /** The clock of the screens, in seconds after the start. */
  tick(seconds: number): void;
  updateReady(): void;
  /** As a page that is one file; shown from the next screen on. */
  withoutNetwork(): void;
  /** As main does. */
  listen(): void;
  invite(invitation: Invitation): void;
  readonly now: number;
  readonly calls: unknown[][];
}

const controls: Stage = {
  set: (name, value) => {
    (state[name] as { value: unknown }).value = value;
  },
  language: (language) => {
    phone.language.value = language;
  },
  go: (place) => (place === "home" ? way.home() : way.go(place)),
  tick: (seconds) => {
    (phone.now as { value: number }).value = NOW + seconds;
  },
  updateReady: () => {
    (phone.update.ready as { value: boolean }).value = true;
  },
  withoutNetwork: () => void Object.assign(phone, { network: false }),
  listen: () => {
    listenForWedge((text) => void day.scanned(text));
  },
  invite: (invitation) => {
    phone.invitation.value = invitation;
  },
  now: NOW,
  calls,
};

declare global {
  var stage: Stage;
}
globalThis.stage = controls;

const root = document.getElementById("app");
if (root) renderApp({ day, phone, way }, root);

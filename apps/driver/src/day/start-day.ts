import { computed, signal } from "@preact/signals";
import { type Door, openDoor } from "../door/door.ts";
import { pausedUntil } from "../door/pause.ts";
import { stamp, type Taker } from "../ledger/drafts.ts";
import type { AttemptReason, Entry } from "../ledger/entry.ts";
import { type Memory, remember } from "../ledger/memory.ts";
import { becomeOwner } from "../ledger/owner.ts";
import { EMPTY, type Stamp } from "../ledger/rows.ts";
import { exportUnsent } from "../sync/by-file.ts";
import type { SyncSchedule } from "../sync/schedule.ts";
import { type PinSource, readRootLink } from "../trust/pin-source.ts";
import type { Day, Phase, Trouble } from "./day.ts";
import type { Deps } from "./deps.ts";
import { showLog, showReadiness, showStops } from "./views.ts";

const MINUTE = 60_000;
const SECOND = 1000;

interface Running {
  readonly memory: Memory;
  readonly door: Door;
  readonly schedule: SyncSchedule;
}

/** Starts the driver's day: opens the ledger, takes the lock, syncs, and keeps on syncing. Screens may draw at once. */
export function startDay(deps: Deps): Day {
  const running = signal<Running | null>(null);
  const broken = signal(false);
  const owner = signal(true);
  const working = signal(0);
  const trouble = signal<Trouble | null>(null);
  const persisted = signal<boolean | null>(null);
  /** So that ages pass: nothing else tells a signal that time does. By the minute, for the lists are drawn by it. */
  const clock = signal(deps.now());
  /** By the second, for pauses. */
  const second = signal(deps.now());
  let release = () => {};
  let stopped = false;
  let actions: Promise<unknown> = Promise.resolve();
  let timer = () => {};

  const state = computed(() => running.value?.memory.state.value ?? null);
  const identity = computed(() => state.value?.contents.device.identity ?? null);
  const started = begin();

  return {
    phase: computed((): Phase => {
      if (broken.value) return "broken";
      if (!state.value) return "starting";
      if (!identity.value) return "not-enrolled";
      return identity.value.kind === "enrolled" ? "ready" : "third-party";
    }),
    owner,
    identity: computed(() => {
      const known = identity.value;
      return known && { issuer: known.issuer, route: known.kind === "enrolled" ? known.route : null };
    }),
    stops: computed(() => (state.value ? showStops(state.value, clock.value) : [])),
    open: computed(() => running.value?.door.open.value ?? null),
    readiness: computed(() => {
      const session = running.value?.schedule.session.value ?? NO_SESSION;
      const rest = { ...session, version: deps.version, persisted: persisted.value };
      return showReadiness(state.value ?? { contents: EMPTY, trust: null }, rest, clock.value);
    }),
    outcome: computed(() => running.value?.door.outcome.value ?? null),
    working: computed(() => working.value > 0),
    pause: computed(() => {
      const wrong = Object.entries(state.value?.contents.device.wrong ?? {});
      const [pause] = wrong.flatMap(([deliveryId, counted]) => {
        const until = pausedUntil(counted, second.value);
        return until === null ? [] : [{ deliveryId, until }];
      });
      return pause ?? null;
    }),
    taker: computed(() => running.value?.door.taker.value ?? { who: "recipient" as const }),
    log: computed(() => (state.value ? showLog(state.value, clock.value) : [])),
    trouble,

    openStop: (deliveryId) => running.value?.door.openStop(deliveryId),
    chooseTaker: (who, name) => running.value?.door.chooseTaker({ who, ...named(name) }),
    stillInView: (text) => running.value?.door.stillInView(text),
    scanned: async (text) => {
      if (running.value?.door.isNew(text) === false) return;
      await act(({ door }) => (identity.value ? door.scanned(text) : introduce(text)));
    },
    typed: (code, deliveryId) => act(({ door }) => door.typed(code, deliveryId)),
    decide: (choice) => act(({ door }) => door.decide(choice)),
    takenBy: (entryId, who, name) => act((run) => takeBack(run, entryId, { who, ...named(name) })),
    attempt: (deliveryId, reason, note) => act((run) => attempt(run, { deliveryId, reason, ...noted(note) })),
    undo: (entryId) => act((run) => takeBack(run, entryId, null)),
    dismiss: () => {
      trouble.value = null;
      running.value?.door.dismiss();
    },
    enrol: (token) => act(({ schedule }) => told(schedule.enrol(token))),
    pin: (source) => act(({ schedule }) => told(schedule.pin(source))),
    syncNow: async () => {
      await started;
      if (owner.value) await running.value?.schedule.syncNow({ dead: true });
    },
    exportUnsent: async () => {
      await started;
      return running.value ? exportUnsent(running.value.memory) : [];
    },
    stop: async () => {
      stopped = true;
      timer();
      await started;
      await actions;
      running.value?.memory.ledger.close();
      release();
    },
  };

  async function begin(): Promise<void> {
    try {
      const memory = await remember(await deps.openLedger());
      const lock = await becomeOwner(deps, () => void takeOver(memory));
      release = lock.release;
      owner.value = lock.owner;
      running.value = { memory, door: openDoor(deps, memory), schedule: deps.sync(memory) };
    } catch {
      broken.value = true;
      return;
    }
    deps.on("online", () => void round());
    deps.on("visible", () => void round());
    tick();
    void deps.persist().then(
      (answer) => {
        persisted.value = answer;
      },
      () => {}, // private windows refuse even the question
    );
    if (owner.value) void running.value.schedule.syncNow({ dead: true });
  }

  // The other tab was closed: what it wrote is read before anything is judged.
  async function takeOver(memory: Memory): Promise<void> {
    await memory.reload();
    owner.value = true;
    await round();
  }

  /** The network or the page is back, or a minute has passed. A tab that only shows reads what the other one wrote. */
  async function round(): Promise<void> {
    const run = running.value;
    if (!run || stopped) return;
    clock.value = second.value = deps.now();
    if (owner.value) await run.schedule.syncNow({ dead: false });
    else await run.memory.reload().catch(() => {});
  }

  function tick(sinceRound = 0): void {
    second.value = deps.now();
    const due = sinceRound >= MINUTE;
    if (due) clock.value = deps.now();
    if (due && deps.visible()) void round();
    timer = deps.after(SECOND, () => tick(due ? 0 : sinceRound + SECOND));
  }

  // One after the other: two scans at once would be judged by the same memory, and the second would find its delivery closed by surprise.
  async function act(work: (run: Running) => Promise<void>): Promise<void> {
    await started;
    const run = running.value;
    if (!run || stopped) return;
    if (!owner.value) {
      trouble.value = "not-owner";
      return;
    }
    working.value++;
    const numbered = run.memory.state.value.contents.device.seq;
    const mine = actions.then(() => work(run));
    actions = mine.catch(() => {});
    try {
      await mine;
    } finally {
      working.value--;
      clock.value = second.value = deps.now();
      if (run.memory.state.value.contents.device.seq !== numbered) run.schedule.syncSoon();
    }
  }

  // Before enrolment a scan is the dispatcher's screen or an issuer's key set. A link is read here, and never opened.
  async function introduce(text: string): Promise<void> {
    const source = readIntroduction(text, deps.base);
    if (source === null) return;
    const { schedule } = running.value as Running;
    await told("token" in source ? schedule.enrol(source.token) : schedule.pin(source));
  }

  async function told(result: Promise<Trouble | null>): Promise<void> {
    trouble.value = await result;
  }

  async function attempt(
    { memory, door }: Running,
    event: { deliveryId: string; reason: AttemptReason; note?: string },
  ): Promise<void> {
    const stop = memory.state.value.trust?.manifest?.stops.find(({ deliveryId }) => deliveryId === event.deliveryId);
    const draft = stamp(deps, memory.state.value, stop?.label ?? null, { kind: "attempt", ...event });
    try {
      await memory.ledger.write(draft);
      await memory.refresh();
      trouble.value = null;
      door.openStop(null);
    } catch {
      trouble.value = "not-recorded";
    }
  }

  /** Undoes an entry, and writes it anew with another taker if one is given. */
  async function takeBack({ memory, door }: Running, entryId: string, taker: Taker | null): Promise<void> {
    const entry = memory.state.value.contents.recent.find(({ id }) => id === entryId);
    const undo = stamp(deps, memory.state.value, null, { kind: "undo", of: entryId });
    const instead =
      taker && entry?.kind === "redemption" ? rewrite(entry, taker, { ...undo, id: deps.uuid() }) : undefined;
    if (taker && !instead) return;
    try {
      const done = await memory.ledger.undo(entryId, undo, instead);
      trouble.value = done ? null : "too-late";
      await memory.refresh();
      if (done) door.replace(entryId, instead?.id ?? null);
    } catch {
      trouble.value = "not-recorded";
    }
  }
}

type Redemption = Entry & { kind: "redemption" };

// The same act, told anew: `at` stays, and the ten seconds begin again.
function rewrite(entry: Redemption, { who, name }: Taker, { id, writtenAt }: Pick<Stamp, "id" | "writtenAt">) {
  const { kind, voucher, deliveryId, via, floor, route, version, issuer, label, at } = entry;
  const same = { kind, voucher, deliveryId, via, floor, route, version, issuer, label, at };
  return { ...same, id, writtenAt, takenBy: who, ...named(name), replaces: entry.id };
}

function readIntroduction(text: string, base: string): { token: string } | PinSource | null {
  const token = text.startsWith(`${base}driver/#`) ? text.slice(`${base}driver/#`.length) : "";
  if (/^[A-Za-z0-9_-]{16,200}$/.test(token)) return { token };
  return text.startsWith("{") || readRootLink(text, base) ? { text } : null;
}

function named(name: string | undefined): { name?: string } {
  const said = name?.trim().slice(0, 200);
  return said ? { name: said } : {};
}

function noted(note: string | undefined): { note?: string } {
  const said = note?.trim().slice(0, 500);
  return said ? { note: said } : {};
}

const NO_SESSION = { sync: null, syncing: false, documentRefused: null };

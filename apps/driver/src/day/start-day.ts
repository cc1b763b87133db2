import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { openDoor } from "../door/door.ts";
import { pausedUntil } from "../door/pause.ts";
import type { DeviceState } from "../ledger/device-state.ts";
import { type Taker, takerOf } from "../ledger/drafts.ts";
import type { Memory } from "../ledger/memory.ts";
import { EMPTY } from "../ledger/rows.ts";
import { exportUnsent } from "../sync/by-file.ts";
import type { SyncSession } from "../sync/schedule.ts";
import { takeBack, writeAttempt } from "./corrections.ts";
import type { Day, Phase, Trouble } from "./day.ts";
import type { Deps } from "./deps.ts";
import { readIntroduction } from "./introduction.ts";
import { viewLog } from "./log.ts";
import { viewReadiness } from "./readiness.ts";
import { runDevice } from "./run-device.ts";
import { viewStops } from "./stops.ts";
import { keepTime } from "./time.ts";
import { takeTurns } from "./turns.ts";

/** Starts the driver's day. Screens may draw at once. */
export function startDay(deps: Deps): Day {
  const time = keepTime(deps);
  const trouble = signal<Trouble | null>(null);
  const device = runDevice(deps, time);
  const { running, owner } = device;
  const { working, inTurn, ended } = takeTurns(device, time, trouble);
  const door = openDoor(deps, (act) => inTurn(({ memory }) => act(memory)), introduce);

  const state = computed(() => running.value?.memory.state.value ?? null);
  const identity = computed(() => state.value?.contents.device.identity ?? null);

  return {
    door,
    phase: computed((): Phase => {
      if (device.broken.value) return "broken";
      if (!state.value) return "starting";
      if (!identity.value) return "not-enrolled";
      return identity.value.kind === "enrolled" ? "ready" : "third-party";
    }),
    owner,
    identity: computed(() => {
      const known = identity.value;
      return known && { issuer: known.issuer, route: known.kind === "enrolled" ? known.route : null };
    }),
    stops: computed(() => (state.value ? viewStops(state.value, time.minute.value) : [])),
    readiness: computed(() => {
      const session = running.value?.schedule.session.value ?? NO_SESSION;
      const rest = { ...session, version: deps.version, persisted: device.persisted.value };
      return viewReadiness(state.value ?? { contents: EMPTY, trust: null }, rest, time.minute.value);
    }),
    working,
    pause: computed(() => firstPause(state.value, time.second)),
    log: computed(() => (state.value ? viewLog(state.value, time.minute.value) : [])),
    trouble,

    takenBy: (entryId, who, name) => inTurn(({ memory }) => correct(memory, entryId, takerOf(who, name))),
    undo: (entryId) => inTurn(({ memory }) => correct(memory, entryId, null)),
    attempt: (deliveryId, reason, note) =>
      inTurn(async ({ memory }) => {
        trouble.value = await writeAttempt(deps, memory, { deliveryId, reason, note });
        if (trouble.value === null) door.openStop(null);
      }),
    dismiss: () => {
      trouble.value = null;
      door.dismiss();
    },
    enrol: (token) => inTurn(({ schedule }) => report(schedule.enrol(token))),
    pin: (source) => inTurn(({ schedule }) => report(schedule.pin(source))),
    syncNow: async () => {
      const run = await device.started();
      if (owner.value) await run?.schedule.syncNow({ dead: true });
    },
    exportUnsent: async () => {
      const run = await device.started();
      return run ? exportUnsent(run.memory) : [];
    },
    stop: () => device.stop(ended),
  };

  async function introduce(text: string): Promise<void> {
    const source = readIntroduction(text, deps.base);
    const schedule = running.value?.schedule;
    if (source === null || !schedule) return;
    await report("token" in source ? schedule.enrol(source.token) : schedule.pin(source));
  }

  async function correct(memory: Memory, entryId: string, taker: Taker | null): Promise<void> {
    const corrected = await takeBack(deps, memory, entryId, taker);
    if (!corrected) return;
    trouble.value = corrected.trouble;
    if (corrected.trouble === null) door.replace(entryId, corrected.standing);
  }

  async function report(result: Promise<Trouble | null>): Promise<void> {
    trouble.value = await result;
  }
}

/**
 * @param second read only where a stop counts wrong codes, or everything that shows a pause would be drawn each second
 */
function firstPause(state: DeviceState | null, second: ReadonlySignal<number>): Day["pause"]["value"] {
  for (const [deliveryId, wrong] of Object.entries(state?.contents.device.wrong ?? {})) {
    const until = pausedUntil(wrong, second.value);
    if (until !== null) return { deliveryId, until };
  }
  return null;
}

const NO_SESSION: SyncSession = { sync: null, syncing: false, documentRefused: null };

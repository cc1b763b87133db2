import type { RefusalCode } from "@doorproof/voucher";
import { type ReadonlySignal, signal } from "@preact/signals";
import { trustedBy } from "../ledger/device-state.ts";
import type { Memory } from "../ledger/memory.ts";
import type { IssuerTime } from "../ledger/rows.ts";
import { holds, type Identity, judgeDocument } from "../trust/documents.ts";
import { type PinSource, readKeyFile, readPinSource } from "../trust/pin-source.ts";
import { takeAnswers, takeDocument } from "./by-file.ts";
import { enrol } from "./enrol.ts";
import { fetchKeySet } from "./fetch-key-set.ts";
import type { End, Network } from "./network.ts";
import { sync } from "./sync.ts";
import type { SyncTrouble } from "./trouble.ts";
import { HOLD } from "./upload.ts";

/** What this run of the app knows of its syncs. */
export interface SyncSession {
  /** How the last one ended; null: there was none. */
  readonly sync: End | null;
  readonly syncing: boolean;
  readonly documentRefused: RefusalCode | null;
}

/** Decides when to sync: one exchange with the network at a time. */
export interface SyncSchedule {
  readonly session: ReadonlySignal<SyncSession>;
  /**
   * At a start, when the network or the page comes back, and by hand. `dead`: entries that the issuer could not read
   * are offered once more.
   */
  syncNow(options: { dead: boolean }): Promise<void>;
  /** An entry was written: it may be uploaded in ten seconds. */
  syncSoon(): void;
  enrol(token: string): Promise<SyncTrouble | null>;
  pin(source: PinSource): Promise<SyncTrouble | null>;
}

export interface ScheduleDeps extends Network {
  /** Runs once, after so many milliseconds; returns a function that cancels it. */
  after(ms: number, run: () => void): () => void;
}

export function startSchedule(deps: ScheduleDeps, memory: Memory): SyncSchedule {
  const { ledger, state, reload } = memory;
  const session = signal<SyncSession>({ sync: null, syncing: false, documentRefused: null });
  let tail: Promise<unknown> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  let soon = () => {};
  let retry = () => {};
  let deadToo = false;

  return {
    session,
    syncNow,
    syncSoon: () => {
      soon();
      soon = deps.after(HOLD * 1000 + 500, () => void syncNow({ dead: false }));
    },
    enrol: (token) =>
      inTurn(async () => {
        const answer = await enrol(deps, token);
        if (typeof answer === "string" || "again" in answer) return answer;
        const { now, ...rest } = answer;
        await identify({ kind: "enrolled", ...rest }, { now, difference: now - deps.now() });
        return null;
      }),
    pin: (source) =>
      inTurn(async () => {
        const offer = await readOffer(source);
        if (typeof offer === "string") return offer;
        if ("document" in offer) return takeDocument(memory, offer.document);
        return "answers" in offer ? takeAnswers(memory, offer.answers, { now: deps.now() }) : pinKeys(offer.identity);
      }),
  };

  // A sync that waits already will do the work of this one too.
  function syncNow({ dead }: { dead: boolean }): Promise<void> {
    deadToo ||= dead;
    waiting ??= inTurn(async () => {
      const options = { ledger, dead: deadToo };
      waiting = null;
      deadToo = false;
      const before = trustedBy(state.value);
      if (before === null) return;
      session.value = { ...session.value, syncing: true };
      try {
        const { end, documentRefused, retryIn, ...after } = await sync(deps, { ...options, before });
        await reload(after);
        session.value = { sync: end, syncing: false, documentRefused };
        retry();
        retry = retryIn === null ? () => {} : deps.after(retryIn * 1000 + 500, () => void syncNow({ dead: false }));
      } catch {
        // The ledger failed. The screen says so at the next door, where it matters.
        session.value = { ...session.value, syncing: false };
      }
    });
    return waiting;
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = tail.then(work);
    tail = mine.catch(() => {});
    return mine;
  }

  async function readOffer(source: PinSource) {
    const offer = readPinSource(source, deps.base);
    if (typeof offer === "string" || !("url" in offer)) return offer;
    const bytes = await fetchKeySet(deps, offer.url);
    return typeof bytes === "string" ? bytes : readKeyFile(bytes, offer.issuer);
  }

  async function pinKeys(identity: Exclude<Identity, { kind: "enrolled" }>): Promise<SyncTrouble | null> {
    if (identity.kind === "root-pinned") {
      // Tried before it is pinned: with a mistyped root the device would accept nothing.
      const list = await fetchKeySet(deps, "v1/keys");
      if (typeof list === "string") return list;
      if (holds(() => judgeDocument("keys", list, { identity, trust: null, held: [], time: null })) === null)
        return "no-keys";
    }
    await identify(identity, null);
    return null;
  }

  async function identify(identity: Identity, time: IssuerTime | null): Promise<void> {
    await ledger.identify(identity, time);
    await reload();
    void syncNow({ dead: true });
  }
}

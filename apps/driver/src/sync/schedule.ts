import type { RefusalCode } from "@doorproof/voucher";
import { type ReadonlySignal, signal } from "@preact/signals";
import type { PinSource, Trouble } from "../day/day.ts";
import type { Parts } from "../day/deps.ts";
import type { Session } from "../day/views.ts";
import { trustedBy } from "../ledger/device-state.ts";
import type { IssuerTime } from "../ledger/ledger.ts";
import type { Memory } from "../ledger/memory.ts";
import { holds, type Identity, judgeDocument } from "../trust/documents.ts";
import { readPinSource } from "../trust/pin-source.ts";
import { takeAnswers, takeDocument } from "./by-file.ts";
import { type End, enrol, fetchPublished, HOLD, type Network, sync } from "./sync.ts";

// When the network is asked, and in what order: one thing at a time.

export interface Rounds {
  readonly session: ReadonlySignal<Pick<Session, "sync" | "syncing" | "documentRefused">>;
  /** At a start, when the network or the page comes back, by hand. `dead`: what the issuer would not read is offered once more. */
  syncNow(options: { dead: boolean }): Promise<void>;
  /** An entry was written: it is ripe in ten seconds. */
  syncSoon(): void;
  enrol(token: string): Promise<Trouble | null>;
  pin(source: PinSource): Promise<Trouble | null>;
}

export function startRounds(parts: Parts, memory: Memory): Rounds {
  const { ledger, state, reload } = memory;
  const network: Network = { fetch: parts.fetch, base: parts.base, now: parts.now };
  const session = signal<{ sync: End | null; syncing: boolean; documentRefused: RefusalCode | null }>({
    sync: null,
    syncing: false,
    documentRefused: null,
  });
  let tail: Promise<unknown> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  let soon = () => {};
  let deadToo = false;

  return {
    session,
    syncNow,
    syncSoon: () => {
      soon();
      soon = parts.after(HOLD * 1000 + 500, () => void syncNow({ dead: false }));
    },
    enrol: (token) =>
      inTurn(async () => {
        const answer = await enrol(network, token);
        if (typeof answer === "string") return answer;
        const { now, ...rest } = answer;
        await identify({ kind: "enrolled", ...rest }, { now, difference: now - parts.now() });
        return null;
      }),
    pin: (source) =>
      inTurn(async () => {
        const offer = await readPinSource(network, source);
        if (typeof offer === "string") return offer;
        if ("document" in offer) return takeDocument(memory, offer.document);
        return "answers" in offer ? takeAnswers(memory, offer.answers, { now: parts.now() }) : pinKeys(offer.identity);
      }),
  };

  // One that waits already will see what this one would.
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
        const { end, documentRefused, ...after } = await sync(network, { ...options, before });
        await reload(after);
        session.value = { sync: end, syncing: false, documentRefused };
      } catch {
        // The ledger failed: the screen says so where it matters, at the next door.
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

  async function identify(identity: Identity, time: IssuerTime | null): Promise<void> {
    await ledger.identify(identity, time);
    await reload();
    void syncNow({ dead: true });
  }

  async function pinKeys(identity: Exclude<Identity, { kind: "enrolled" }>): Promise<Trouble | null> {
    if (identity.kind === "root-pinned") {
      // Tried before it is believed: a mistyped root would leave a device that knows nobody.
      const list = await fetchPublished(network, "v1/keys");
      if (typeof list === "string") return list;
      if (holds(() => judgeDocument("keys", list, { identity, trust: null, held: [] })) === null) return "no-keys";
    }
    await identify(identity, null);
    return null;
  }
}

import { signal } from "@preact/signals";
import type { Memory } from "../ledger/memory.ts";
import { readPinSource } from "../trust/pin-source.ts";
import { takeAnswers, takeDocument } from "./by-file.ts";
import type { SyncSchedule, SyncSession } from "./schedule.ts";

/** For a page without a network: documents and answers come from files only. */
export function withoutNetwork({ now, base }: { now: () => number; base: string }, memory: Memory): SyncSchedule {
  const { ledger, reload } = memory;
  return {
    session: signal<SyncSession>({ sync: null, syncing: false, documentRefused: null }),
    syncNow: async () => {},
    syncSoon: () => {},
    enrol: async () => "no-connection",
    pin: async (source) => {
      const offer = readPinSource(source, base);
      if (typeof offer === "string") return offer;
      if ("document" in offer) return takeDocument(memory, offer.document);
      if ("answers" in offer) return takeAnswers(memory, offer.answers, { now: now() });
      // A link holds neither a key set nor a root's key list, so both would have to be fetched.
      if ("url" in offer || offer.identity.kind === "root-pinned") return "no-connection";
      await ledger.identify(offer.identity, null);
      await reload();
      return null;
    },
  };
}

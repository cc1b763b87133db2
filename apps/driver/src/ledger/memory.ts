import { type ReadonlySignal, signal } from "@preact/signals";
import type { Trusted } from "../trust/accept.ts";
import { readTrust } from "../trust/documents.ts";
import type { DeviceState } from "./device-state.ts";
import type { Ledger } from "./ledger.ts";
import type { Contents } from "./rows.ts";

/** What the ledger holds, in memory, for verdicts and screens. */
export interface Memory {
  readonly ledger: Ledger;
  readonly state: ReadonlySignal<DeviceState>;
  /** After something happened at a door: entries and used-set are read again. */
  refresh(): Promise<void>;
  /**
   * After a sync, or whatever else brings documents.
   * @param trusted what the sync has read already, because importing a year of keys takes a phone a moment
   */
  reload(trusted?: Trusted): Promise<void>;
}

export async function remember(ledger: Ledger): Promise<Memory> {
  const contents = await ledger.read();
  const state = signal<DeviceState>({ contents, trust: trustOf(contents) });
  return {
    ledger,
    state,
    refresh: async () => {
      const { contents, trust } = state.value;
      state.value = { contents: await ledger.read(contents.documents), trust };
    },
    reload: async (trusted) => {
      const before = state.value;
      const contents = await ledger.read(trusted?.documents);
      if (trusted && sameDocuments(trusted, contents)) state.value = { contents, trust: trusted.trust };
      else if (sameDocuments({ ...before.contents, ...before.contents.device }, contents))
        state.value = { contents, trust: before.trust };
      else state.value = { contents, trust: trustOf(contents) };
    },
  };
}

function trustOf({ device, documents }: Contents): DeviceState["trust"] {
  return device.identity && readTrust(device.identity, documents);
}

// `order` is never used twice, so documents can be compared by it instead of by their bytes.
function sameDocuments(
  { identity, documents }: Pick<Contents, "documents"> & Pick<Contents["device"], "identity">,
  now: Contents,
): boolean {
  const list = (rows: Contents["documents"]) =>
    rows
      .map(({ order }) => order)
      .sort((a, b) => a - b)
      .join();
  return JSON.stringify(identity) === JSON.stringify(now.device.identity) && list(documents) === list(now.documents);
}

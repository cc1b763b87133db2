import { type ReadonlySignal, signal } from "@preact/signals";
import type { World } from "../day/views.ts";
import type { Trusted } from "../sync/sync.ts";
import { readTrust } from "../trust/documents.ts";
import type { Contents, Ledger } from "./ledger.ts";

/** What the ledger holds, at hand for the verdict and the screens. */
export interface Memory {
  readonly ledger: Ledger;
  readonly world: ReadonlySignal<World>;
  /** After something happened at a door: entries and used-set are read again. */
  refresh(): Promise<void>;
  /**
   * After a sync, or whatever else brings documents.
   * @param trusted what the sync has read already: importing a year of keys takes a phone a moment
   */
  reload(trusted?: Trusted): Promise<void>;
}

export async function remember(ledger: Ledger): Promise<Memory> {
  const contents = await ledger.read();
  const world = signal<World>({ contents, trust: trustOf(contents) });
  return {
    ledger,
    world,
    refresh: async () => {
      const { contents, trust } = world.value;
      world.value = { contents: await ledger.read(contents.documents), trust };
    },
    reload: async (trusted) => {
      const before = world.value;
      const contents = await ledger.read(trusted?.documents);
      if (trusted && sameDocuments(trusted, contents)) world.value = { contents, trust: trusted.trust };
      else if (sameDocuments(trustedOf(before), contents)) world.value = { contents, trust: before.trust };
      else world.value = { contents, trust: trustOf(contents) };
    },
  };
}

/** What a sync begins with; null before enrolment or pinning. */
export function trustedBy(world: World): Trusted | null {
  return world.contents.device.identity === null ? null : trustedOf(world);
}

function trustedOf({ contents: { device, documents }, trust }: World): Trusted {
  return { identity: device.identity as Trusted["identity"], documents, trust, floor: device.floor };
}

function trustOf({ device, documents }: Contents): World["trust"] {
  return device.identity && readTrust(device.identity, documents);
}

// Orders are never given twice, so they tell documents apart without comparing bytes.
function sameDocuments({ identity, documents }: Trusted, now: Contents): boolean {
  const list = (rows: Contents["documents"]) =>
    rows
      .map(({ order }) => order)
      .sort((a, b) => a - b)
      .join();
  return JSON.stringify(identity) === JSON.stringify(now.device.identity) && list(documents) === list(now.documents);
}

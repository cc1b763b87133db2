import type { DoorDeps } from "../door/door.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Memory } from "../ledger/memory.ts";
import type { Locks } from "../ledger/owner.ts";
import type { SyncSchedule } from "../sync/schedule.ts";

/** All that the day takes from outside: handed in by main, so that a test can hand in another. */
export interface Deps extends DoorDeps {
  openLedger(): Promise<Ledger>;
  /** What the ledger is called in this browser. */
  readonly ledgerName: string;
  /** By network, or by files alone. */
  sync(memory: Memory): SyncSchedule;
  /** The issuer's own address, ending in "/". */
  readonly base: string;
  readonly locks: Locks;
  /** storage.persist(): null where a browser has none. */
  persist(): Promise<boolean | null>;
  /** Runs once, after so many milliseconds; returns a function that cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Tells when the network seems back (`online`) and when the page comes into view (`visible`). */
  on(event: "online" | "visible", run: () => void): void;
  visible(): boolean;
  /** Of this build. */
  readonly version: string;
}

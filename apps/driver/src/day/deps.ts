import type { Scrypt } from "@doorproof/verifier";
import type { Ledger } from "../ledger/ledger.ts";
import type { Memory } from "../ledger/memory.ts";
import type { Locks } from "../ledger/owner.ts";
import type { SyncSchedule } from "../sync/schedule.ts";

/** All that the day takes from the world around it: handed in by main, so that a test can hand in another. */
export interface Deps {
  openLedger(): Promise<Ledger>;
  /** What the ledger is called in this browser. */
  readonly ledgerName: string;
  /** The device's clock: whole seconds since 1970. */
  now(): number;
  /** Milliseconds that only ever grow, whatever becomes of the clock. */
  ticks(): number;
  uuid(): string;
  /** The issuer's own address, ending in "/". */
  readonly base: string;
  /** By network, or by files alone. */
  sync(memory: Memory): SyncSchedule;
  readonly scrypt: Scrypt;
  readonly locks: Locks;
  /** storage.persist(): null where a browser has none. */
  persist(): Promise<boolean | null>;
  /** Runs once, after so many milliseconds; returns how to call it off. */
  after(ms: number, run: () => void): () => void;
  /** Tells when the network seems back (`online`) and when the page comes into view (`visible`). */
  on(event: "online" | "visible", run: () => void): void;
  visible(): boolean;
  /** Of this build. */
  readonly version: string;
}

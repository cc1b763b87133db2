import type { AttemptReason, TakenBy } from "@doorproof/api/lists";
import type { ReadonlySignal } from "@preact/signals";
import type { Door } from "../door/door.ts";
import type { SyncTrouble } from "../sync/trouble.ts";
import type { PinSource } from "../trust/pin-source.ts";
import type { LogView } from "./log.ts";
import type { Readiness } from "./readiness.ts";
import type { StopView } from "./stops.ts";

/**
 * The driver's day: the model that screens read and call. Times are seconds since 1970, by this device's clock where
 * nothing else is said.
 */
export interface Day {
  /** Where the driver stands now. */
  readonly door: Door;
  readonly phase: ReadonlySignal<Phase>;
  /** False in a second tab: it only shows, until the first one is closed. */
  readonly owner: ReadonlySignal<boolean>;
  /** Who issued what this device checks; null before enrolment or pinning. `route` is null in third-party mode. */
  readonly identity: ReadonlySignal<{ readonly issuer: string; readonly route: string | null } | null>;
  readonly stops: ReadonlySignal<readonly StopView[]>;
  readonly readiness: ReadonlySignal<Readiness>;
  /** True while a code is being opened or a verdict written. */
  readonly working: ReadonlySignal<boolean>;
  /** The stop that takes no code for now, and until when: 10 s for each wrong code from the third on. */
  readonly pause: ReadonlySignal<{ readonly deliveryId: string; readonly until: number } | null>;
  /** The last 24 hours and whatever is unsent, newest first, with the issuer's answers. */
  readonly log: ReadonlySignal<readonly LogView[]>;
  /** Why the last enrol, pin, undo, takenBy or attempt did nothing; null: it did. */
  readonly trouble: ReadonlySignal<Trouble | null>;

  /**
   * Changes who took it, while the entry is not uploaded. The entry is written anew: the door's outcome and `log` carry
   * the new ID.
   */
  takenBy(entryId: string, who: TakenBy, name?: string): Promise<void>;
  attempt(deliveryId: string, reason: AttemptReason, note?: string): Promise<void>;
  /** While the entry is not uploaded: uploads wait 10 s. */
  undo(entryId: string): Promise<void>;
  /** Takes the door's outcome and the trouble off the screen. */
  dismiss(): void;
  /** The token of the enrolment link: what stands after its "#". */
  enrol(token: string): Promise<void>;
  /**
   * Third-party mode: whose vouchers are checked, and with which keys; or, with a pinned root, a file: sealed stops, or
   * a newer list for a phone without a network. Also the issuer's answer to exported records.
   */
  pin(source: PinSource): Promise<void>;
  syncNow(): Promise<void>;
  /**
   * The unsent records, for a phone without a network: each file is the body of one upload, and holds vouchers.
   * Exported records cannot be undone any more; the issuer's answer is taken by `pin`.
   */
  exportUnsent(): Promise<readonly File[]>;
  /** Ends timers and closes the ledger; for tests and for a page that goes away. */
  stop(): Promise<void>;
}

/** `broken`: the ledger cannot be opened, so nothing can be accepted. */
export type Phase = "starting" | "not-enrolled" | "third-party" | "ready" | "broken";

/** Why the last act did nothing. */
export type Trouble =
  | SyncTrouble
  /** Uploaded already, or being uploaded. */
  | "too-late"
  | "not-recorded"
  | "not-owner";

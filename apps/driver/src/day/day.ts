import type { RefusalCode } from "@doorproof/voucher";
import type { ReadonlySignal } from "@preact/signals";
import type { Outcome } from "../door/outcome.ts";
import type { Answer, AttemptReason, TakenBy, Via } from "../ledger/entry.ts";
import type { SyncTrouble } from "../sync/trouble.ts";
import type { PinSource } from "../trust/pin-source.ts";

// The driver's day: the model that screens read and call. Times are seconds since 1970, by this device's clock unless said otherwise.

export interface Day {
  readonly phase: ReadonlySignal<Phase>;
  /** False in a second tab: it shows and writes nothing, until the first is closed. */
  readonly owner: ReadonlySignal<boolean>;
  /** Who issued what this device checks; null before enrolment or pinning. `route` is null in third-party mode. */
  readonly identity: ReadonlySignal<{ readonly issuer: string; readonly route: string | null } | null>;
  readonly stops: ReadonlySignal<readonly StopView[]>;
  /** Delivery ID of the open stop. */
  readonly open: ReadonlySignal<string | null>;
  readonly readiness: ReadonlySignal<Readiness>;
  /** What the result screen shows; null: none. */
  readonly outcome: ReadonlySignal<Outcome | null>;
  /** True while a code is being opened or a verdict written. */
  readonly working: ReadonlySignal<boolean>;
  /** The stop whose codes wait, and until when: after 3 wrong codes, 10 s for each. */
  readonly pause: ReadonlySignal<{ readonly deliveryId: string; readonly until: number } | null>;
  /** Who takes the parcel of the open stop, chosen before the scan; `recipient` when a stop is opened. */
  readonly taker: ReadonlySignal<{ readonly who: TakenBy; readonly name?: string }>;
  /** The last 24 hours and whatever is unsent, newest first, with the issuer's answers. */
  readonly log: ReadonlySignal<readonly LogView[]>;
  /** Why the last enrol, pin, undo, takenBy or attempt did nothing; null: it did. */
  readonly trouble: ReadonlySignal<Trouble | null>;

  /** Opens a stop, or none. In third-party mode any delivery ID from the courier's own list. */
  openStop(deliveryId: string | null): void;
  chooseTaker(who: TakenBy, name?: string): void;
  /** From camera, photo or keyboard wedge. The same text is ignored until it was out of sight for 3 s. Before enrolment: an enrolment link or a key set. */
  scanned(text: string): Promise<void>;
  /** The camera sees this while a verdict is on the screen: nothing is done, but the same text is not out of sight. */
  stillInView(text: string): void;
  /** A short code, or the whole SMS that holds it. */
  typed(code: string, deliveryId: string): Promise<void>;
  /** Answers an amber outcome. */
  decide(choice: "hand-over" | "hold-back"): Promise<void>;
  /** Changes who took it, while the entry is not uploaded. The entry is written anew: `outcome` and `log` carry the new ID. */
  takenBy(entryId: string, who: TakenBy, name?: string): Promise<void>;
  attempt(deliveryId: string, reason: AttemptReason, note?: string): Promise<void>;
  /** While the entry is not uploaded: uploads wait 10 s. */
  undo(entryId: string): Promise<void>;
  /** Takes the outcome and the trouble off the screen. An amber outcome that is dismissed was held back. */
  dismiss(): void;
  /** The token of the enrolment link: what stands after its "#". */
  enrol(token: string): Promise<void>;
  /**
   * Third-party mode: whose vouchers are checked, and with which keys; or, with keys pinned by root, a file: sealed stops, or a newer list for a
   * phone that finds no network. Also the issuer's answer to exported records.
   */
  pin(source: PinSource): Promise<void>;
  syncNow(): Promise<void>;
  /**
   * The unsent records, for the day on which a phone finds no network: each file is the body of one upload. They hold vouchers. What was
   * exported cannot be taken back any more; the issuer's answer comes in by `pin`.
   */
  exportUnsent(): Promise<readonly File[]>;
  /** Ends timers and closes the ledger; for tests and for a page that goes away. */
  stop(): Promise<void>;
}

/** `broken`: the ledger cannot be opened, so nothing can be accepted. */
export type Phase = "starting" | "not-enrolled" | "third-party" | "ready" | "broken";

export interface StopView {
  readonly deliveryId: string;
  readonly label: string | null;
  readonly window: { readonly from: number; readonly to: number } | null;
  readonly state: "open" | "done" | "failed" | "conflict";
  /** When it was done, failed or decided against. */
  readonly at: number | null;
  /** Of `failed`: why nobody took it. */
  readonly reason: AttemptReason | null;
  /** The issuer's answer, of `done` and `conflict`; null until it came. */
  readonly answer: Answer | null;
  /** A short code can be typed: the device holds the seal. */
  readonly sealed: boolean;
}

export interface LogView {
  readonly id: string;
  readonly kind: "redemption" | "refusal" | "attempt";
  readonly at: number;
  readonly deliveryId: string | null;
  readonly label: string | null;
  readonly via: Via | null;
  readonly takenBy: TakenBy | null;
  readonly name: string | null;
  readonly code: RefusalCode | null;
  readonly reason: AttemptReason | null;
  readonly note: string | null;
  /** Taken back by the driver. */
  readonly undone: boolean;
  /** `undo` and `takenBy` still work. */
  readonly undoable: boolean;
  readonly answer: Answer | null;
  /** The issuer would not read it: the problem's code. A person must look. */
  readonly dead: string | null;
}

/** The readiness line, in words on every screen. Ages in seconds, null: there is none. */
export interface Readiness {
  readonly keysAge: number | null;
  readonly revocationsAge: number | null;
  readonly manifestAge: number | null;
  /** No manifest, or one whose shift is over: nothing can be accepted. False in third-party mode. */
  readonly manifestExpired: boolean;
  readonly unsent: number;
  readonly deadLetters: number;
  /** Issuer's clock minus this device's, at the last sync. */
  readonly clockDifference: number | null;
  /** When the issuer last answered. */
  readonly syncedAt: number | null;
  /** What the last try came to; null: none yet. `revoked`: the device token is no longer good; recording goes on. */
  readonly sync: "done" | "no-connection" | "not-an-answer" | "revoked" | null;
  readonly syncing: boolean;
  /** Why an offered document was not taken (the one held stays); null: none. */
  readonly documentRefused: RefusalCode | null;
  readonly version: string;
  /** The browser's answer to storage.persist(); null: not asked yet, or it has none. */
  readonly persisted: boolean | null;
}

/** Why the last act did nothing. */
export type Trouble =
  | SyncTrouble
  /** Uploaded already, or being uploaded. */
  | "too-late"
  | "not-recorded"
  | "not-owner";

import type { Ask, AttemptReason, TakenBy, Via } from "@doorproof/api/lists";
import type { Note } from "@doorproof/verifier";
import type { RefusalCode } from "@doorproof/voucher";
import type { Trouble } from "../day/day.ts";
import type { LogView } from "../day/log.ts";
import type { Readiness } from "../day/readiness.ts";
import type { StopView } from "../day/stops.ts";
import type { Answer } from "../ledger/entry.ts";

/** A sentence by number, as the language counts; `{n}` is the number. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/**
 * What a refusal says. The headline must be readable at arm's length in the rain: at most three words. Holes as `{at}`
 * are filled from the refusal's facts.
 */
export interface RefusalText {
  readonly headline: string;
  readonly reason: string;
  readonly next: string;
}

interface Choice {
  readonly headline: string;
  readonly text: string;
}

/** The refusals whose remedy is a newer list. */
export const PAGE_CODES = ["unknown-key", "stale-keys", "stale-revocations"] as const satisfies readonly RefusalCode[];

/** All that the app says, in one language. A key that a language lacks is a type error. */
export interface Catalogue {
  readonly locale: string;
  readonly dir: "ltr" | "rtl";
  /** The language's name for itself. */
  readonly self: string;
  readonly refusals: Readonly<Record<RefusalCode, RefusalText>>;
  readonly notes: Readonly<Record<Note, string>>;
  readonly takenBy: Readonly<Record<TakenBy, { readonly label: string; readonly name: string }>>;
  /** To the driver, each a thing to do. */
  readonly asks: Readonly<Record<Ask, string>>;
  readonly reasons: Readonly<Record<AttemptReason, string>>;
  readonly states: Readonly<Record<StopView["state"], string>>;
  readonly trouble: Readonly<Record<Extract<Trouble, string>, string>>;
  readonly limited: string;
  readonly back: string;
  readonly language: string;
  readonly stops: {
    readonly title: string;
    readonly next: string;
    readonly later: string;
    readonly look: string;
    readonly done: string;
    readonly progress: string;
    /** The button; `search` is the field. */
    readonly find: string;
    readonly search: string;
    readonly noMatch: string;
    readonly none: string;
    readonly allDone: string;
    readonly scan: string;
    readonly log: string;
  };
  readonly stop: {
    readonly who: string;
    readonly scan: string;
    readonly type: string;
    readonly fail: string;
    readonly closed: string;
    /** Before the name of whom the recipient named. */
    readonly named: string;
    readonly call: string;
    readonly parcels: string;
    /** Above what is asked of the driver. */
    readonly asked: string;
  };
  readonly scan: {
    readonly title: string;
    readonly aim: string;
    readonly anyStop: string;
    readonly before: string;
    readonly start: string;
    readonly starting: string;
    readonly torchOn: string;
    readonly torchOff: string;
    readonly photo: string;
    readonly type: string;
    readonly noCode: string;
    readonly noDecoder: string;
    readonly faults: Readonly<Record<"refused" | "none" | "busy" | "lost", Choice>>;
    readonly again: string;
  };
  readonly type: {
    readonly title: string;
    readonly label: string;
    readonly hint: string;
    readonly check: string;
    readonly checking: string;
    readonly missing: Plural;
    readonly surplus: Plural;
    readonly pause: Plural;
  };
  readonly result: {
    readonly accept: Choice;
    readonly decide: Readonly<Record<"old-list" | "name-delivery" | "ask-dispatcher" | "nobody", Choice>>;
    readonly paused: Choice;
    readonly notRecorded: Readonly<Record<"full" | "failed", Choice>>;
    readonly notVoucher: string;
    readonly next: string;
    readonly handOver: string;
    readonly thisDelivery: string;
    readonly holdBack: string;
    readonly again: string;
    readonly close: string;
    readonly undo: string;
    readonly undone: string;
    readonly goOn: string;
  };
  readonly failed: {
    readonly title: string;
    readonly note: string;
    readonly save: string;
  };
  readonly log: {
    readonly title: string;
    readonly empty: string;
    readonly via: Readonly<Record<Via, string>>;
    readonly kinds: Readonly<Record<LogView["kind"] | "undone", string>>;
    readonly answers: Readonly<Record<Answer["status"] | "unsent" | "dead", string>>;
    /** Whose record stands, in a conflict. */
    readonly standing: string;
  };
  readonly readiness: {
    readonly label: string;
    readonly keys: string;
    readonly noKeys: string;
    readonly list: string;
    readonly noList: string;
    readonly unsent: Plural;
    readonly deadLetters: Plural;
    readonly clockRight: string;
    readonly clockAhead: string;
    readonly clockBehind: string;
    readonly clockUnknown: string;
    readonly manifestExpired: string;
    readonly now: string;
    readonly revoked: string;
  };
  readonly status: {
    readonly title: string;
    readonly keys: string;
    readonly list: string;
    readonly manifest: string;
    readonly unsent: string;
    readonly deadLetters: string;
    readonly clock: string;
    readonly version: string;
    readonly storage: string;
    readonly persisted: string;
    readonly notPersisted: string;
    readonly unknown: string;
    readonly none: string;
    readonly synced: string;
    readonly answers: Readonly<Record<NonNullable<Readiness["sync"]>, string>>;
    readonly documentRefused: string;
    readonly issuer: string;
    readonly route: string;
    readonly sync: string;
    readonly syncing: string;
    readonly export: string;
    readonly install: Choice;
    readonly installNow: string;
  };
  readonly enrol: {
    readonly title: string;
    readonly lead: string;
    readonly scan: string;
    readonly label: string;
    readonly join: string;
    readonly joining: string;
    readonly again: string;
    readonly third: string;
  };
  readonly pin: {
    readonly title: string;
    readonly lead: string;
    readonly label: string;
    readonly issuer: string;
    readonly take: string;
    readonly file: string;
    readonly scan: string;
    /** What a courier does first. */
    readonly home: string;
    readonly delivery: string;
    readonly compare: string;
  };
  /** What is said in other words on a page that is one file. */
  readonly page: {
    readonly lead: string;
    readonly load: string;
    readonly notPersisted: string;
    readonly next: Readonly<Record<(typeof PAGE_CODES)[number], string>>;
  };
  readonly update: { readonly text: string; readonly apply: string };
  readonly secondTab: string;
  readonly starting: string;
  readonly broken: Choice;
  readonly reload: string;
}

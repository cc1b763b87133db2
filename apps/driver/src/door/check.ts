import { TAKERS, type TakenBy } from "@doorproof/api/lists";
import { type KeySet, type ValidVoucher, verifyVoucher } from "@doorproof/verifier";
import {
  type AuthenticatedClaims,
  type Manifest,
  Refusal,
  type RefusalCode,
  type RefusalFacts,
  readText,
} from "@doorproof/voucher";
import type { Trust } from "../trust/documents.ts";
import { stopAsks, stopTakers } from "../trust/stop-bits.ts";
import { stopLine } from "../trust/stop-line.ts";
import { AMBER, type Decide, type Refuse } from "./outcome.ts";

/** All that the verdict depends on beside the text. Times are seconds since 1970. */
export interface Circumstances {
  readonly issuer: string;
  /** False in third-party mode: nobody checks the assignment, and results say so. */
  readonly enrolled: boolean;
  readonly trust: Trust | null;
  readonly now: number;
  /** The latest time this device has seen: signed floor and local mark. */
  readonly seen: number;
  /** The open stop; null: none is open, so the driver has to say which delivery it is. */
  readonly delivery: string | null;
  /** The driver has seen that a list is old and hands over all the same. */
  readonly agreed: boolean;
  /** The driver was told to ask the dispatcher, and says that they did. */
  readonly dispatcherAsked: boolean;
  readonly used: (claims: AuthenticatedClaims) => RefusalFacts["already-used"] | undefined;
}

export type Verdict =
  | { readonly kind: "not-a-voucher" }
  /** `claims` only where the signature held: nothing else of a refused voucher may be kept. */
  | { readonly kind: "refuse"; readonly refuse: Refuse; readonly claims: AuthenticatedClaims | null }
  | { readonly kind: "decide"; readonly decide: Decide }
  | {
      readonly kind: "valid";
      readonly voucher: ValidVoucher;
      readonly label: string | null;
      readonly takers: readonly TakenBy[];
    };

/**
 * The verdict on what was scanned or opened (docs/format.md section 6): pure, so that the same text in the same
 * circumstances gives the same screen: grey, red, amber or green. Green is shown only after the ledger has stored it.
 */
export function check(text: string, state: Circumstances): Verdict {
  try {
    const voucher = verify(text, state);
    const manifest = state.trust?.manifest ?? null;
    const stop = manifest?.stops.find(({ deliveryId }) => deliveryId === voucher.deliveryId);
    const label = stop ? stopLine(stop) : null;
    const takers = stop ? stopTakers(stop) : TAKERS;
    const why = decision(voucher, state, { takers, unknownAsks: stop ? stopAsks(stop).unknown : false });
    return why === null
      ? { kind: "valid", voucher, label, takers }
      : { kind: "decide", decide: ask(why, voucher, label) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (isNoVoucher(error)) return { kind: "not-a-voucher" };
    return { kind: "refuse", refuse: refuse(error, state.delivery), claims: error.claims ?? null };
  }
}

function verify(text: string, { issuer, enrolled, trust, now, seen, delivery, used }: Circumstances): ValidVoucher {
  if (enrolled && trust === null) {
    // Enrolled, and without keys yet: "unknown key" would blame the customer for what the phone lacks.
    readText(text);
    throw new Refusal("no-manifest", {});
  }
  const { keys, revocations, manifest } = trust ?? { keys: noKeys(issuer), revocations: null, manifest: null };
  return verifyVoucher(text, {
    keys,
    now: timeOf(now),
    seen: timeOf(seen),
    delivery,
    used,
    ...(revocations === null ? {} : { revocations }),
    ...assignment({ enrolled, manifest, delivery }),
  });
}

// A phone's clock, or an issuer's, can show any time; those that the format can name end in 2106.
function timeOf(seconds: number): number {
  return Math.min(Math.max(seconds, 0), 2 ** 32 - 1);
}

/** A refusal with what a red screen shows. */
export function refuse(error: Refusal, open: string | null): Refuse {
  const { code, facts, claims } = error;
  // The constructor of Refusal ties facts to code; TypeScript cannot carry that through the union.
  return { kind: "refuse", code, facts, deliveryId: claims?.deliveryId ?? open } as Refuse;
}

function noKeys(issuer: string): KeySet {
  return { issuer, keys: new Map(), list: null };
}

// In third-party mode the sealed stops count only for the deliveries that are on them; a courier may carry others.
function assignment({
  enrolled,
  manifest,
  delivery,
}: {
  enrolled: boolean;
  manifest: Manifest | null;
  delivery: string | null;
}): { manifest?: Manifest | null } {
  if (enrolled) return { manifest };
  return manifest?.stops.some(({ deliveryId }) => deliveryId === delivery) ? { manifest } : {};
}

function decision(
  { notes }: ValidVoucher,
  { delivery, agreed, dispatcherAsked }: Circumstances,
  { takers, unknownAsks }: { takers: readonly TakenBy[]; unknownAsks: boolean },
): Decide["why"] | null {
  if (takers.length === 0) return "nobody";
  if (delivery === null) return "name-delivery";
  if (unknownAsks && !dispatcherAsked) return "ask-dispatcher";
  return !agreed && notes.some((note) => AMBER.includes(note)) ? "old-list" : null;
}

function ask(why: Decide["why"], { deliveryId, issuer, notes }: ValidVoucher, label: string | null): Decide {
  return { kind: "decide", why, deliveryId, label, issuer, notes };
}

// QR codes of other things, such as links, adverts and other firms' labels: no alarm and no record.
function isNoVoucher(error: Refusal<RefusalCode>): boolean {
  return Refusal.is(error, "malformed") && error.facts.step === "text";
}

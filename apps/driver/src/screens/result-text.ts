import type { Note } from "@doorproof/verifier";
import type { RefusalCode } from "@doorproof/voucher";
import type { Outcome } from "../door/outcome.ts";
import type { Cue } from "../hardware/sound.ts";
import type { Catalogue } from "../languages/catalogue.ts";
import { fill, formatTime } from "../languages/format.ts";

/** How each kind of outcome looks and sounds. The switch below, the tones and the tests all use this list. */
export const TONES = {
  accept: "accept",
  decide: "decide",
  refuse: "refuse",
  "not-a-voucher": "quiet",
  paused: "decide",
  "not-recorded": "refuse",
} as const satisfies Record<Outcome["kind"], Cue | "quiet">;

/** The texts of a verdict's screen, from the largest to the smallest. */
export interface ResultText {
  readonly tone: Cue;
  readonly headline: string;
  readonly reason: string;
  /** What to do next; null where the buttons say it. */
  readonly next: string | null;
  readonly deliveryId: string | null;
  readonly label: string | null;
  readonly notes: readonly Note[];
}

/** @returns null for what gets no screen: a toast */
export function toResultText(outcome: Outcome, words: Catalogue, now: number): ResultText | null {
  const { result } = words;
  switch (outcome.kind) {
    case "accept": {
      const { deliveryId, label, notes } = outcome;
      return { tone: "accept", ...inWords(result.accept), next: null, deliveryId, label, notes };
    }
    case "decide": {
      const { deliveryId, label, notes, why } = outcome;
      return { tone: "decide", ...inWords(result.decide[why]), next: null, deliveryId, label, notes };
    }
    case "refuse": {
      const { headline, reason, next } = words.refusals[outcome.code];
      const filled = fill(reason, factsInWords(outcome.facts, words, now));
      return { tone: "refuse", headline, reason: filled, next, deliveryId: outcome.deliveryId, label: null, notes: [] };
    }
    case "paused":
      return { tone: "decide", ...inWords(result.paused), next: null, ...nobody, deliveryId: outcome.deliveryId };
    case "not-recorded":
      return {
        tone: "refuse",
        ...inWords(result.notRecorded[outcome.why]),
        next: null,
        ...nobody,
        deliveryId: outcome.deliveryId,
      };
    case "not-a-voucher":
      return null;
  }
}

/** Red verdicts after which the driver should type the code again. */
export const TYPE_AGAIN: readonly RefusalCode[] = ["code-mistyped", "wrong-code", "cannot-open"];

/** Red verdicts after which the short code may still work, since only the picture was unreadable. */
export const TYPE_INSTEAD: readonly RefusalCode[] = ["malformed", ...TYPE_AGAIN];

/** Red verdicts after which another scan may succeed; after the others the parcel goes back into the van. */
export const SCAN_AGAIN: readonly RefusalCode[] = [
  ...TYPE_INSTEAD,
  "wrong-delivery",
  "revoked",
  "phone-mismatch",
  "clock-behind",
];

const nobody = { label: null, notes: [] } as const;

function inWords({ headline, text }: { headline: string; text: string }): { headline: string; reason: string } {
  return { headline, reason: text };
}

const TIMES = ["floor", "expiredAt", "at", "listedAt", "expiresAt"];

// Facts were signed by the issuer or come from this device. They are shown as text only.
function factsInWords(facts: object, words: Catalogue, now: number): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      TIMES.includes(name) && typeof value === "number" ? formatTime(value, now, words) : String(value),
    ]),
  );
}

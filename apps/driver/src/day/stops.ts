import type { Ask, AttemptReason, TakenBy } from "@doorproof/api/lists";
import type { Stop } from "@doorproof/voucher";
import type { DeviceState } from "../ledger/device-state.ts";
import type { Answer } from "../ledger/entry.ts";
import type { Used } from "../ledger/rows.ts";
import { stopAsks, stopTakers } from "../trust/stop-bits.ts";
import { stopLine } from "../trust/stop-line.ts";
import { isToday } from "./today.ts";

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
  /** What the manifest says beside the label's line; null: it is not on the manifest. */
  readonly details: StopDetails | null;
  /** A short code can be typed: the device holds the seal. */
  readonly sealed: boolean;
}

export interface StopDetails {
  /** Whose door it is, where the line shows the address. */
  readonly name: string | null;
  readonly hint: string | null;
  /** Whom the recipient named to take it. */
  readonly named: string | null;
  readonly parcels: readonly string[];
  /** `tel:` and a number. */
  readonly call: string | null;
  readonly asks: readonly Ask[];
  /** Something is asked that this app does not know. */
  readonly askDispatcher: boolean;
  readonly takers: readonly TakenBy[];
}

/**
 * The manifest's stops in driving order, then those that were finished today and are no longer on it, in the order in
 * which they were finished.
 */
export function viewStops(
  { contents: { device, used, recent }, trust }: DeviceState,
  now: number,
): readonly StopView[] {
  const issuer = device.identity?.issuer;
  const uses = new Map(used.filter((use) => use.issuer === issuer).map((use) => [use.deliveryId, use]));
  const attempts = new Map(
    recent.flatMap((entry) =>
      entry.kind === "attempt" && entry.issuer === issuer && entry.undoneBy === undefined
        ? [[entry.deliveryId, entry] as const]
        : [],
    ),
  );
  const listed = (trust?.manifest?.stops ?? []).map((each) =>
    stop(each.deliveryId, { label: stopLine(each), window: each.window, details: detailsOf(each), sealed: true }),
  );
  const known = new Set(listed.map(({ deliveryId }) => deliveryId));
  const labels = new Map(recent.flatMap((entry) => ("deliveryId" in entry ? [[entry.deliveryId, entry.label]] : [])));
  const gone = [...uses.values(), ...attempts.values()]
    .filter(({ deliveryId, at }) => !known.has(deliveryId) && isToday(at, now))
    .sort((a, b) => a.at - b.at)
    .map(({ deliveryId }) => deliveryId);
  const rest = [...new Set(gone)].map((deliveryId) =>
    stop(deliveryId, { label: labels.get(deliveryId) ?? null, window: null, details: null, sealed: false }),
  );
  return [...listed, ...rest];

  function stop(deliveryId: string, view: Pick<StopView, "label" | "window" | "details" | "sealed">): StopView {
    const use = uses.get(deliveryId);
    const attempt = attempts.get(deliveryId);
    if (use) return { deliveryId, ...view, state: stateOf(use), at: use.at, reason: null, answer: use.answer ?? null };
    if (attempt) return { deliveryId, ...view, state: "failed", at: attempt.at, reason: attempt.reason, answer: null };
    return { deliveryId, ...view, state: "open", at: null, reason: null, answer: null };
  }
}

function detailsOf(stop: Stop): StopDetails {
  const { label, named, parcels, call } = stop;
  const { words: asks, unknown: askDispatcher } = stopAsks(stop);
  const name = label.address === null ? null : label.name;
  return { name, hint: label.hint, named, parcels, call, asks, askDispatcher, takers: stopTakers(stop) };
}

function stateOf({ answer }: Used): StopView["state"] {
  return answer?.status === "conflict" || answer?.status === "refused" ? "conflict" : "done";
}

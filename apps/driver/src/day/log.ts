import type { AttemptReason, TakenBy, Via } from "@doorproof/api/lists";
import type { RefusalCode } from "@doorproof/voucher";
import type { DeviceState } from "../ledger/device-state.ts";
import type { Answer, Entry } from "../ledger/entry.ts";
import { isToday } from "./today.ts";

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
  /** The issuer could not read it: the problem's code. A person must look. */
  readonly dead: string | null;
}

/** Newest first. */
export function viewLog({ contents: { device, recent } }: DeviceState, now: number): readonly LogView[] {
  const replaced = new Set(recent.flatMap((entry) => (entry.kind === "redemption" ? (entry.replaces ?? []) : [])));
  return recent
    .filter((entry) => isToday(entry.at, now) || entry.answer === undefined)
    .flatMap((entry) => (entry.kind === "undo" || replaced.has(entry.id) ? [] : line(entry, device.offered)))
    .reverse();
}

const EMPTY = {
  deliveryId: null,
  via: null,
  takenBy: null,
  name: null,
  code: null,
  reason: null,
  note: null,
} as const;

function line(entry: Exclude<Entry, { kind: "undo" }>, offered: number): LogView {
  const undone = entry.undoneBy !== undefined;
  const view = {
    ...EMPTY,
    id: entry.id,
    at: entry.at,
    label: entry.label,
    undone,
    undoable: !undone && entry.kind !== "refusal" && entry.seq > offered,
    answer: entry.answer ?? null,
    dead: entry.dead ?? null,
  };
  switch (entry.kind) {
    case "redemption": {
      const { kind, deliveryId, via, takenBy, name } = entry;
      return { ...view, kind, deliveryId, via, takenBy, name: name ?? null };
    }
    case "refusal":
      return { ...view, kind: entry.kind, code: entry.code, deliveryId: entry.deliveryId ?? null };
    case "attempt": {
      const { kind, deliveryId, reason, note } = entry;
      return { ...view, kind, deliveryId, reason, note: note ?? null };
    }
  }
}

import type { TakenBy, Via } from "@doorproof/api/lists";
import { isDeliveryId } from "@doorproof/voucher";
import { type ReadonlySignal, signal } from "@preact/signals";
import { type DraftDeps, type Taker, takerOf } from "../ledger/drafts.ts";
import type { Memory } from "../ledger/memory.ts";
import { type Circumstances, check } from "./check.ts";
import { circumstances } from "./circumstances.ts";
import { type CodeDeps, openCode } from "./code.ts";
import { watchView } from "./in-view.ts";
import { keepOpenStop } from "./open-stop.ts";
import type { Decide, Outcome } from "./outcome.ts";
import { writeRedemption, writeRefusal } from "./write-down.ts";

/**
 * What happens at a door: a text or a code becomes a verdict, the verdict is stored in the ledger, and then it is
 * shown.
 */
export interface Door {
  /** What the result screen shows; null: none. */
  readonly outcome: ReadonlySignal<Outcome | null>;
  /** Delivery ID of the open stop. */
  readonly open: ReadonlySignal<string | null>;
  /** Who takes the parcel of the open stop, chosen before the scan; `recipient` when a stop is opened. */
  readonly taker: ReadonlySignal<Taker>;
  /** Opens a stop, or none. In third-party mode any delivery ID from the courier's own list. */
  openStop(deliveryId: string | null): void;
  chooseTaker(who: TakenBy, name?: string): void;
  /**
   * From camera, photo or keyboard wedge. The same text is ignored until it was out of view for 3 s. Before enrolment:
   * an enrolment link or a key set.
   */
  scanned(text: string): Promise<void>;
  /** What the camera sees while a verdict is on the screen. Nothing is done, but the text counts as still in view. */
  stillInView(text: string): void;
  /** A short code, or the whole SMS that holds it. */
  typed(code: string, deliveryId: string): Promise<void>;
  /** Answers an amber outcome. */
  decide(choice: "hand-over" | "hold-back"): Promise<void>;
  /** After an undo or a change of taker: the screen shows the entry that stands now, or none. */
  replace(entryId: string, by: string | null): void;
  /** Removes the outcome from the screen. An amber outcome that is dismissed counts as held back. */
  dismiss(): void;
}

export interface DoorDeps extends CodeDeps, DraftDeps {
  /** Milliseconds that only grow, also when the clock is set. */
  ticks(): number;
}

/** Lends the memory to one act after the other: two scans at once would be judged by the same memory. */
export type InTurn = (act: (memory: Memory) => Promise<void>) => Promise<void>;

/** Before any tap. */
const UNASKED = { agreed: false, dispatcherAsked: false } as const;

/** @param introduce takes what is scanned before the device knows an issuer */
export function openDoor(deps: DoorDeps, inTurn: InTurn, introduce: (text: string) => Promise<void>): Door {
  const outcome = signal<Outcome | null>(null);
  const stop = keepOpenStop();
  const view = watchView(deps.ticks);
  let undecided: (Pick<Decide, "why" | "deliveryId"> & { readonly text: string; readonly via: Via }) | null = null;

  return {
    outcome,
    open: stop.open,
    taker: stop.taker,
    openStop: (deliveryId) => {
      if (deliveryId !== null && !isDeliveryId(deliveryId)) return;
      present(null);
      stop.openStop(deliveryId);
    },
    chooseTaker: (who, name) => stop.chooseTaker(takerOf(who, name)),
    scanned: async (text) => {
      if (!view.isNew(text)) return;
      await inTurn((memory) =>
        memory.state.value.contents.device.identity
          ? judge(memory, text, { via: "scan", delivery: stop.open.value, ...UNASKED })
          : introduce(text),
      );
    },
    stillInView: view.stillInView,
    typed: (code, deliveryId) =>
      inTurn(async (memory) => {
        const opened = await openCode(deps, memory.state.value, code, deliveryId);
        if ("voucher" in opened) await judge(memory, opened.voucher, { via: "code", delivery: deliveryId, ...UNASKED });
        else if ("show" in opened) present(opened.show);
        else await conclude(memory, writeRefusal(deps, memory, opened.refuse, { claims: null, wrong: opened.wrong }));
      }),
    decide: (choice) =>
      inTurn(async (memory) => {
        const asked = undecided;
        if (asked === null) return;
        if (choice === "hold-back") return dismiss();
        const { text, via, deliveryId, why } = asked;
        // Judged again, since time has passed and a newer list may have been fetched.
        await judge(memory, text, {
          via,
          delivery: deliveryId,
          agreed: true,
          dispatcherAsked: why === "ask-dispatcher",
        });
      }),
    replace: (entryId, by) => {
      const shown = outcome.value;
      if (shown?.kind !== "accept" || shown.entryId !== entryId) return;
      outcome.value = by === null ? null : { ...shown, entryId: by };
    },
    dismiss,
  };

  async function judge(
    memory: Memory,
    text: string,
    { via, ...asked }: Pick<Circumstances, "delivery" | "agreed" | "dispatcherAsked"> & { via: Via },
  ): Promise<void> {
    const verdict = check(text, circumstances(memory.state.value, { now: deps.now(), ...asked }));
    switch (verdict.kind) {
      case "not-a-voucher":
        // Only if no verdict is shown: a poster in view must not replace a red screen.
        if (outcome.value === null) present({ kind: "not-a-voucher" });
        return;
      case "refuse":
        return conclude(memory, writeRefusal(deps, memory, verdict.refuse, { claims: verdict.claims, wrong: null }));
      case "decide": {
        const { deliveryId, why } = verdict.decide;
        if (stop.open.value === null) stop.openStop(deliveryId);
        present(verdict.decide);
        undecided = { text, via, deliveryId, why };
        return;
      }
      case "valid": {
        const { voucher, label, takers } = verdict;
        const taker = limitTaker(stop.taker.value, takers);
        return conclude(memory, writeRedemption(deps, memory, { text, voucher, label, via, taker }));
      }
    }
  }

  // First the screen, since the driver waits for it, then the lists. Should those fail, the entry is in the ledger all
  // the same.
  async function conclude(memory: Memory, written: Promise<Outcome>): Promise<void> {
    const shown = await written;
    // What could not be written may be scanned again at once.
    if (shown.kind === "not-recorded") view.forget();
    present(shown);
    if (shown.kind !== "not-recorded") await memory.refresh().catch(() => {});
  }

  function present(next: Outcome | null): void {
    undecided = null;
    outcome.value = next;
  }

  function dismiss(): void {
    // An accepted delivery is done, and one that the driver did not confirm is not the one in hand.
    const shown = outcome.value;
    if (shown?.kind === "accept" || (shown?.kind === "decide" && shown.why === "name-delivery")) stop.openStop(null);
    present(null);
  }
}

/** Whoever was chosen, if they may take it; else the first who may: as the screen shows it. */
function limitTaker(chosen: Taker, [first, ...others]: readonly TakenBy[]): Taker {
  return first === undefined || chosen.who === first || others.includes(chosen.who)
    ? chosen
    : takerOf(first, undefined);
}

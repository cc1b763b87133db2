import { isDeliveryId } from "@doorproof/voucher";
import { type ReadonlySignal, signal } from "@preact/signals";
import { type DraftDeps, type Taker, takerOf } from "../ledger/drafts.ts";
import type { TakenBy, Via } from "../ledger/entry.ts";
import type { Memory } from "../ledger/memory.ts";
import { type Circumstances, check } from "./check.ts";
import { circumstances } from "./circumstances.ts";
import { type CodeDeps, openCode } from "./code.ts";
import { watchView } from "./in-view.ts";
import { keepOpenStop } from "./open-stop.ts";
import type { Outcome } from "./outcome.ts";
import { writeRedemption, writeRefusal } from "./write-down.ts";

/** What happens at a door: from a text or a code to a verdict, from a verdict to the ledger, and only then to the screen. */
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
  /** From camera, photo or keyboard wedge. The same text is ignored until it was out of sight for 3 s. Before enrolment: an enrolment link or a key set. */
  scanned(text: string): Promise<void>;
  /** The camera sees this while a verdict is on the screen: nothing is done, but the same text is not out of sight. */
  stillInView(text: string): void;
  /** A short code, or the whole SMS that holds it. */
  typed(code: string, deliveryId: string): Promise<void>;
  /** Answers an amber outcome. */
  decide(choice: "hand-over" | "hold-back"): Promise<void>;
  /** After an undo or another taker: what the screen shows is the entry that stands, or nothing. */
  replace(entryId: string, by: string | null): void;
  /** Takes the outcome off the screen. An amber outcome that is dismissed was held back. */
  dismiss(): void;
}

export interface DoorDeps extends CodeDeps, DraftDeps {
  /** Milliseconds that only ever grow, whatever becomes of the clock. */
  ticks(): number;
}

/** Lends the memory to one act after the other: two scans at once would be judged by the same memory. */
export type InTurn = (act: (memory: Memory) => Promise<void>) => Promise<void>;

/** @param introduce takes what is scanned before the device knows an issuer */
export function openDoor(deps: DoorDeps, inTurn: InTurn, introduce: (text: string) => Promise<void>): Door {
  const outcome = signal<Outcome | null>(null);
  const stop = keepOpenStop();
  const view = watchView(deps.ticks);
  let undecided: { readonly text: string; readonly via: Via; readonly deliveryId: string } | null = null;

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
          ? judge(memory, text, { via: "scan", delivery: stop.open.value, agreed: false })
          : introduce(text),
      );
    },
    stillInView: view.stillInView,
    typed: (code, deliveryId) =>
      inTurn(async (memory) => {
        const opened = await openCode(deps, memory.state.value, code, deliveryId);
        if ("voucher" in opened)
          await judge(memory, opened.voucher, { via: "code", delivery: deliveryId, agreed: false });
        else if ("show" in opened) present(opened.show);
        else await conclude(memory, writeRefusal(deps, memory, opened.refuse, { claims: null, wrong: opened.wrong }));
      }),
    decide: (choice) =>
      inTurn(async (memory) => {
        const asked = undecided;
        if (asked === null) return;
        if (choice === "hold-back") return dismiss();
        const { text, via, deliveryId } = asked;
        // Judged anew: a list may have come in, and time has passed.
        await judge(memory, text, { via, delivery: deliveryId, agreed: true });
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
    { via, delivery, agreed }: Pick<Circumstances, "delivery" | "agreed"> & { via: Via },
  ): Promise<void> {
    const verdict = check(text, circumstances(memory.state.value, { now: deps.now(), delivery, agreed }));
    switch (verdict.kind) {
      case "not-a-voucher":
        // A poster behind the parcel must not wipe a red screen away.
        if (outcome.value === null) present({ kind: "not-a-voucher" });
        return;
      case "refuse":
        return conclude(memory, writeRefusal(deps, memory, verdict.refuse, { claims: verdict.claims, wrong: null }));
      case "decide": {
        const { deliveryId } = verdict.decide;
        if (stop.open.value === null) stop.openStop(deliveryId);
        present(verdict.decide);
        undecided = { text, via, deliveryId };
        return;
      }
      case "valid": {
        const { voucher, label } = verdict;
        return conclude(memory, writeRedemption(deps, memory, { text, voucher, label, via, taker: stop.taker.value }));
      }
    }
  }

  // The screen first: the driver waits for it. The list follows; should it fail, the ledger has it all the same.
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
    // What was handed over is done, and a parcel that the driver did not name is not the one in hand.
    const shown = outcome.value;
    if (shown?.kind === "accept" || (shown?.kind === "decide" && shown.why === "name-delivery")) stop.openStop(null);
    present(null);
  }
}

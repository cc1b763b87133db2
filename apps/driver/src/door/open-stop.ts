import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { Taker } from "../ledger/drafts.ts";

const RECIPIENT: Taker = { who: "recipient" };

/** The stop at whose door the driver stands, and who takes its parcel. */
export interface OpenStop {
  /** Delivery ID; null: none. */
  readonly open: ReadonlySignal<string | null>;
  /** Chosen before the scan; the recipient whenever another stop is opened. */
  readonly taker: ReadonlySignal<Taker>;
  openStop(deliveryId: string | null): void;
  chooseTaker(taker: Taker): void;
}

export function keepOpenStop(): OpenStop {
  const open = signal<string | null>(null);
  const taker = signal(RECIPIENT);
  return {
    open,
    taker,
    openStop: (deliveryId) =>
      batch(() => {
        if (open.value !== deliveryId) taker.value = RECIPIENT;
        open.value = deliveryId;
      }),
    chooseTaker: (chosen) => {
      taker.value = chosen;
    },
  };
}

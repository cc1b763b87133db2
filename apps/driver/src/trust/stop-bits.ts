import type { Stop } from "@doorproof/voucher";
import { ASK_BITS, readBits, TAKER_BITS } from "@doorproof/voucher/codec";

/** What is asked of the driver; `unknown`: something that this app has no word for, so the dispatcher has to say it. */
export function stopAsks({ asks }: Pick<Stop, "asks">) {
  return readBits(asks, ASK_BITS);
}

/** Who may take it: of a bit that this app has no word for, nobody. */
export function stopTakers({ takers }: Pick<Stop, "takers">): readonly (keyof typeof TAKER_BITS)[] {
  return readBits(takers, TAKER_BITS).words;
}

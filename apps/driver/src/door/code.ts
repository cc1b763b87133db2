import { openShortCode, type Scrypt } from "@doorproof/verifier";
import { Refusal } from "@doorproof/voucher";
import type { DeviceState } from "../ledger/device-state.ts";
import type { WrongCodes } from "../ledger/rows.ts";
import { refuse } from "./check.ts";
import type { Outcome, Refuse } from "./outcome.ts";
import { findShortCode } from "./pasted.ts";
import { countWrong, pausedUntil } from "./pause.ts";

export interface CodeDeps {
  /** Seconds since 1970. */
  now(): number;
  readonly scrypt: Scrypt;
}

/** What a code that was typed came to. */
export type Opened =
  | { readonly voucher: string }
  /** Shown and not recorded: a pause, or a mistyped code. */
  | { readonly show: Outcome }
  /** To be recorded; of a wrong code with the new count of its stop. */
  | { readonly refuse: Refuse; readonly wrong: { readonly deliveryId: string; readonly wrong: WrongCodes } | null };

/**
 * Opens the voucher that is sealed under a stop's short code. One KDF run, unless the stop pauses or the code is
 * mistyped.
 */
export async function openCode(
  { now, scrypt }: CodeDeps,
  { contents, trust }: DeviceState,
  typed: string,
  deliveryId: string,
): Promise<Opened> {
  const before = contents.device.wrong[deliveryId];
  const manifest = trust?.manifest;
  const stop = manifest?.stops.find((stop) => stop.deliveryId === deliveryId);
  try {
    if (!manifest) throw new Refusal("no-manifest", {});
    if (!stop) throw new Refusal("not-on-manifest", { route: manifest.route });
    const until = pausedUntil(before, now());
    if (until !== null) return { show: { kind: "paused", deliveryId, until } };
    return { voucher: await openShortCode(findShortCode(typed), { stop, logN: manifest.logN, scrypt }) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // A mistyped code is no attempt: no KDF run, no count, no record.
    if (Refusal.is(error, "code-mistyped")) return { show: refuse(error, deliveryId) };
    const isWrong = Refusal.is(error, "wrong-code");
    return {
      refuse: refuse(error, deliveryId),
      wrong: isWrong ? { deliveryId, wrong: countWrong(before, now()) } : null,
    };
  }
}

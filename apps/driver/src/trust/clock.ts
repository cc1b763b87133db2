import type { Trust } from "./documents.ts";

// docs/format.md section 6, time. The device's clock is one of three witnesses and the least trusted. Seconds since 1970.

export interface Clocks {
  /** The signed floor: the latest time that the issuer signed. */
  readonly floor: number;
  /** The local mark: the time of the last record, or the issuer's at the last sync. */
  readonly mark: number;
}

/** A device never gets behind what was signed, except by the root: so a leaked key that dated a document ahead is undone by the next key list. */
export function raiseFloor(floor: number, trust: Trust, { byKeyList }: { byKeyList: boolean }): number {
  return byKeyList ? signedTime(trust) : Math.max(floor, signedTime(trust));
}

/** The time of an act by a clock that may run up to 300 s behind: never before the floor, or the issuer would call it out of bounds. */
export function timeOfAct(now: number, { floor }: Clocks): number {
  return Math.max(now, floor);
}

/** After a record. Refused attempts count too, or an expired voucher would be good again once the clock is set back. */
export function raiseMark({ mark }: Clocks, at: number): number {
  return Math.max(mark, at);
}

/** The latest time this device has seen, for the verifier's `seen`. */
export function latestSeen({ floor, mark }: Clocks): number {
  return Math.max(floor, mark);
}

/**
 * What the used-set may forget: vouchers that nobody can present any more, by the signed floor and never by the device's clock. The clock may
 * stand 300 s behind the floor, so a list without grace must not make a voucher good again in that time.
 */
export function forgettable(expiresAt: number, { floor, grace }: { floor: number; grace: number }): boolean {
  return floor > expiresAt + Math.max(grace, CLOCK_TOLERANCE);
}

/** As the verifier has it: `clock-behind` beyond. */
const CLOCK_TOLERANCE = 300;

function signedTime({ keys, revocations, manifest }: Trust): number {
  return Math.max(keys.list?.issuedAt ?? 0, revocations?.issuedAt ?? 0, manifest?.issuedAt ?? 0);
}

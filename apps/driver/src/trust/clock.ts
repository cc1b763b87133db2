import { CLOCK_TOLERANCE } from "@doorproof/verifier";
import type { Trust } from "./documents.ts";
import { isAhead, type StatedTime } from "./stated-time.ts";

// docs/format.md section 6, time. Of the three sources of time the device's clock is the least trusted one. Seconds
// since 1970.

export interface Clocks {
  /** The signed floor: the latest time that the issuer signed. */
  readonly floor: number;
  /** The local mark: the time of the last record, or the issuer's at the last sync. */
  readonly mark: number;
}

/** A floor that is ahead falls to what the documents say that are held now; any other stays. */
export function healedFloor(floor: number, trust: Trust, time: StatedTime): number {
  return isAhead(floor, time) ? signedTime(trust) : floor;
}

/**
 * The floor never falls as documents are accepted, except by a key list, which the root signs: so the next list undoes
 * what a leaked key dated ahead.
 */
export function raiseFloor(floor: number, trust: Trust, { byKeyList }: { byKeyList: boolean }): number {
  return byKeyList ? signedTime(trust) : Math.max(floor, signedTime(trust));
}

/**
 * The time of an event, by a clock that may be up to 300 s behind: never before the floor, or the issuer would find it
 * out of bounds.
 */
export function timeOfAct(now: number, { floor }: Clocks): number {
  return Math.max(now, floor);
}

/**
 * Raised by each record, also of a refused voucher: else an expired one would be good again once the clock is set back.
 */
export function raiseMark({ mark }: Clocks, at: number): number {
  return Math.max(mark, at);
}

/** The latest time this device has seen, for the verifier's `seen`. */
export function latestSeen({ floor, mark }: Clocks): number {
  return Math.max(floor, mark);
}

/**
 * The time by which the used-set is purged: the floor, unless this device's clock stands before it. A floor that an
 * issuer's wrong clock raised would make a phone forget vouchers that are good for days.
 */
export function purgeTime(floor: number, now: number): number {
  return Math.min(floor, now);
}

/**
 * Whether the used-set may forget a voucher: when it has expired by the signed floor, and never by the device's clock
 * alone.
 * The clock may be 300 s behind the floor, so with a list without grace it waits for that time as well.
 */
export function forgettable(expiresAt: number, { floor, grace }: { floor: number; grace: number }): boolean {
  return floor > expiresAt + Math.max(grace, CLOCK_TOLERANCE);
}

function signedTime({ keys, revocations, manifest }: Trust): number {
  return Math.max(keys.list?.issuedAt ?? 0, revocations?.issuedAt ?? 0, manifest?.issuedAt ?? 0);
}

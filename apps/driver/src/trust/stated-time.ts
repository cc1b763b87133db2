import { CLOCK_TOLERANCE } from "@doorproof/verifier";

// Seconds since 1970.

/** The issuer's time as an answer over https stated it, and this device's at that moment. A file states none. */
export interface StatedTime {
  readonly issuer: number;
  readonly device: number;
}

/**
 * Whether something was dated ahead: after the issuer's time and after this device's too. Two clocks must say so,
 * because what is ahead is forgotten: a server that stated a past time could else bring old documents back.
 */
export function isAhead(issuedAt: number, { issuer, device }: StatedTime): boolean {
  return issuedAt > Math.max(issuer, device) + CLOCK_TOLERANCE;
}

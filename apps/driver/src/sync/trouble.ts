import type { NoPin } from "../trust/pin-source.ts";

/** Why an enrolment or a pin did nothing. */
export type SyncTrouble =
  | Limited
  | NoPin
  /** The enrolment link was used or is over. */
  | "enrolment-over"
  | "no-connection"
  /** A captive portal, or a server that is not an issuer. */
  | "not-an-answer"
  /** A list from a file, and this device holds a newer one. */
  | "older-list";

/** The issuer takes no more enrolments from this address for now. */
export interface Limited {
  /** When it takes one again: seconds since 1970, by this device's clock. */
  readonly again: number;
}

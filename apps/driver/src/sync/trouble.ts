import type { NoPin } from "../trust/pin-source.ts";

/** Why an enrolment or a pin did nothing. */
export type SyncTrouble =
  | NoPin
  /** The enrolment link was used or is over. */
  | "enrolment-over"
  | "no-connection"
  /** A captive portal, or a server that is not an issuer. */
  | "not-an-answer"
  /** A list from a file, and this device holds a newer one. */
  | "older-list";

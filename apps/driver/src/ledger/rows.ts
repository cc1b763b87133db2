import type { HeldDocument, Identity } from "../trust/documents.ts";
import type { Answer, DoorEvent, Entry } from "./entry.ts";

// What the ledger's rows hold. Times are seconds since 1970.

/** What this device is and has seen, in one row. */
export interface Device {
  readonly identity: Identity | null;
  readonly floor: number;
  readonly mark: number;
  /** The last number of an entry. Numbers are never used twice. */
  readonly seq: number;
  /** Up to this number entries were offered to the issuer, which may have them: they cannot be undone any more. */
  readonly offered: number;
  /** Wrong codes by delivery. */
  readonly wrong: Readonly<Record<string, WrongCodes>>;
  /** The issuer gives this device no more stops: it was replaced or revoked. Recording goes on. */
  readonly revoked: boolean;
  /** The issuer takes no more records by this device's token. Absent in storage of before. */
  readonly shutOut?: boolean;
  /** Of enrolments before this one, as long as entries wait that were made under them; oldest first. */
  readonly former?: readonly FormerToken[];
  readonly clockDifference: number | null;
  readonly syncedAt: number | null;
}

/**
 * An entry is told by the token of the enrolment under which it was made: the issuer judges it by what that device
 * carried, and another route's device never carried it.
 */
export interface FormerToken {
  readonly issuer: string;
  readonly deviceToken: string;
  /** The last entry that was made under it. */
  readonly upTo: number;
}

/** A voucher that was accepted here. Kept after its entry was uploaded, so that its delivery stays closed. */
export interface Used {
  readonly issuer: string;
  /** kid and cti, 24 hex digits: replay is keyed on them and never on the text. */
  readonly voucher: string;
  readonly deliveryId: string;
  readonly expiresAt: number;
  readonly at: number;
  readonly entryId: string;
  readonly answer?: Answer;
}

export type Stamp = Pick<Entry, "id" | "issuer" | "label" | "at" | "writtenAt" | "clockDifference">;

/** What an entry is before it is numbered. */
export type Draft = DoorEvent & Stamp;

export interface Contents {
  readonly device: Device;
  readonly documents: readonly HeldDocument[];
  readonly used: readonly Used[];
  /** The newest entries, oldest first. */
  readonly recent: readonly Entry[];
  readonly unsent: number;
  readonly dead: number;
}

/** Wrong codes at one stop, and when the last was typed: kept over restarts, or a reload would end a pause. */
export interface WrongCodes {
  readonly count: number;
  readonly at: number;
}

/** The issuer's time, and by how much this device's clock differed. */
export interface IssuerTime {
  readonly now: number;
  readonly difference: number;
}

export const NEW_DEVICE: Device = {
  identity: null,
  floor: 0,
  mark: 0,
  seq: 0,
  offered: 0,
  wrong: {},
  revoked: false,
  clockDifference: null,
  syncedAt: null,
};

/** What a new phone holds. */
export const EMPTY: Contents = { device: NEW_DEVICE, documents: [], used: [], recent: [], unsent: 0, dead: 0 };

/** The device's times, corrected by the issuer's. */
export function healedBy({ now, difference }: IssuerTime): Pick<Device, "mark" | "clockDifference" | "syncedAt"> {
  return { mark: now, clockDifference: difference, syncedAt: now };
}

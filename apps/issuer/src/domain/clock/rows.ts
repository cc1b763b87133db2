/** What the watch over the clock asks of a database: one row. */
export interface ClockRows {
  /** @returns undefined: no issuer has run on this database yet */
  findClock(): Promise<ClockRow | undefined>;
  putClock(row: ClockRow): Promise<void>;
}

export interface ClockRow {
  /** The last time that an issuer believed, written once a minute. Seconds since 1970. */
  readonly seenAt: number;
  /** How often an operator has said that the clock is right after all. */
  readonly acceptances: number;
}

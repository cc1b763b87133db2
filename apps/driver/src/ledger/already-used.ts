import type { Used } from "./rows.ts";

/** The voucher, or another of its delivery, is in the used-set. */
export class AlreadyUsed extends Error {
  readonly used: Used;

  constructor(used: Used) {
    super("already used");
    this.used = used;
  }
}

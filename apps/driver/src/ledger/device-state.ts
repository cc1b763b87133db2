import type { Trusted } from "../trust/accept.ts";
import type { Trust } from "../trust/documents.ts";
import type { Contents } from "./rows.ts";

/** What this device knows: the ledger's contents, and what they are worth. */
export interface DeviceState {
  readonly contents: Contents;
  /** Null: no keys, so nothing can be checked. */
  readonly trust: Trust | null;
}

/** What a sync begins with; null before enrolment or pinning. */
export function trustedBy({ contents: { device, documents }, trust }: DeviceState): Trusted | null {
  const { identity, floor } = device;
  return identity && { identity, documents, trust, floor };
}

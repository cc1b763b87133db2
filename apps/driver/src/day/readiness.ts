import { CLOCK_TOLERANCE } from "@doorproof/verifier";
import type { RefusalCode } from "@doorproof/voucher";
import type { DeviceState } from "../ledger/device-state.ts";
import type { Device } from "../ledger/rows.ts";
import { latestSeen } from "../trust/clock.ts";
import { KINDS, type Trust } from "../trust/documents.ts";

/** What the readiness line on every screen says. Ages in seconds; null: there is none. */
export interface Readiness {
  readonly keysAge: number | null;
  readonly revocationsAge: number | null;
  readonly manifestAge: number | null;
  /** No manifest, or one whose shift is over: nothing can be accepted. False in third-party mode. */
  readonly manifestExpired: boolean;
  readonly unsent: number;
  readonly deadLetters: number;
  /**
   * Issuer's clock minus this device's, at the last sync; or by how much this clock stands before what was signed or
   * recorded here.
   */
  readonly clockDifference: number | null;
  /** When the issuer last answered. */
  readonly syncedAt: number | null;
  /**
   * What the last try came to; null: none yet. `revoked`: the device was replaced or revoked, and its records are still
   * taken, for seven days. `shut-out`: they are not any more. `rate-limited`: the issuer takes more later. Recording
   * goes on.
   */
  readonly sync: "done" | "no-connection" | "not-an-answer" | "revoked" | "shut-out" | "rate-limited" | null;
  readonly syncing: boolean;
  /** Why an offered document was not taken (the one held stays); null: none. */
  readonly documentRefused: RefusalCode | null;
  readonly version: string;
  /** The browser's answer to storage.persist(); null: not asked yet, or it has none. */
  readonly persisted: boolean | null;
}

/** What this run of the app knows and the ledger does not. */
export type Session = Pick<Readiness, "sync" | "syncing" | "documentRefused" | "version" | "persisted">;

export function viewReadiness({ contents, trust }: DeviceState, session: Session, now: number): Readiness {
  const { device, unsent, dead } = contents;
  const [keys, revocations, manifest] = KINDS.map((kind) => issuedAt(trust, kind));
  const age = (issued: number | null | undefined) => (issued == null ? null : Math.max(0, now - issued));
  return {
    ...session,
    sync: device.shutOut ? "shut-out" : device.revoked ? "revoked" : session.sync,
    keysAge: age(keys),
    revocationsAge: age(revocations),
    manifestAge: age(manifest),
    manifestExpired: device.identity?.kind === "enrolled" && !(trust?.manifest && now < trust.manifest.expiresAt),
    unsent: unsent + dead,
    deadLetters: dead,
    clockDifference: differenceOf(device, now),
    syncedAt: device.syncedAt,
  };
}

// The last sync may have been before the clock was set, or there was none: a list from the future contradicts it, and
// vouchers are refused.
function differenceOf({ clockDifference, ...clocks }: Device, now: number): number | null {
  const behind = latestSeen(clocks) - now;
  return behind > CLOCK_TOLERANCE ? Math.max(behind, clockDifference ?? 0) : clockDifference;
}

function issuedAt(trust: Trust | null, kind: (typeof KINDS)[number]): number | null {
  return (kind === "keys" ? trust?.keys.list : trust?.[kind])?.issuedAt ?? null;
}

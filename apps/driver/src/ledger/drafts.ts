import type { TakenBy, Via } from "@doorproof/api/lists";
import type { ValidVoucher } from "@doorproof/verifier";
import type { AuthenticatedClaims, RefusalCode } from "@doorproof/voucher";
import { timeOfAct } from "../trust/clock.ts";
import type { DeviceState } from "./device-state.ts";
import type { DoorEvent, Entry } from "./entry.ts";
import type { Draft, Stamp, Used } from "./rows.ts";

// Makes drafts of entries; the ledger numbers them.

export interface Taker {
  readonly who: TakenBy;
  readonly name?: string;
}

/** What a draft needs: the time, and an ID. */
export interface DraftDeps {
  /** Seconds since 1970. */
  now(): number;
  uuid(): string;
}

export function takerOf(who: TakenBy, name: string | undefined): Taker {
  const trimmed = name?.trim().slice(0, 200);
  return trimmed ? { who, name: trimmed } : { who };
}

/** A redemption, and the used row that closes its delivery. */
export function draftRedemption(
  deps: DraftDeps,
  state: DeviceState,
  {
    text,
    voucher,
    label,
    via,
    taker,
  }: { text: string; voucher: ValidVoucher; label: string | null; via: Via; taker: Taker },
): { draft: Draft & { kind: "redemption" }; used: Used } {
  const { deliveryId, kid, cti, expiresAt, issuer } = voucher;
  const manifest = state.contents.device.identity?.kind === "enrolled" ? state.trust?.manifest : null;
  const draft = stamp(deps, state, label, {
    kind: "redemption",
    voucher: text,
    deliveryId,
    via,
    floor: state.contents.device.floor,
    route: manifest?.route ?? null,
    version: manifest?.version ?? null,
    takenBy: taker.who,
    ...(taker.name === undefined ? {} : { name: taker.name }),
  });
  return { draft, used: { issuer, voucher: kid + cti, deliveryId, expiresAt, at: draft.at, entryId: draft.id } };
}

/** A refused voucher: with its claims only if the signature held, and never with its text. */
export function draftRefusal(
  deps: DraftDeps,
  state: DeviceState,
  { code, claims, deliveryId }: { code: RefusalCode; claims: AuthenticatedClaims | null; deliveryId: string | null },
): Draft {
  const known = claims
    ? { kid: claims.kid, cti: claims.cti, deliveryId: claims.deliveryId }
    : deliveryId && { deliveryId };
  return stamp(deps, state, null, { kind: "refusal", code, ...known });
}

/** Numbers, names and dates an event. */
export function stamp<E extends DoorEvent>(
  { now, uuid }: DraftDeps,
  { contents: { device } }: DeviceState,
  label: string | null,
  event: E,
): E & Stamp {
  const writtenAt = now();
  const at = timeOfAct(writtenAt, device);
  const { clockDifference } = device;
  return { ...event, id: uuid(), issuer: device.identity?.issuer ?? "", label, at, writtenAt, clockDifference };
}

/** The same act with another taker: `at` stays, and the ten seconds begin again, by the same clock. */
export function rewrite(
  entry: Entry & { kind: "redemption" },
  { who, name }: Taker,
  { id, writtenAt }: Pick<Stamp, "id" | "writtenAt">,
): Draft & { kind: "redemption" } {
  const { kind, voucher, deliveryId, via, floor, route, version, issuer, label, at, clockDifference = null } = entry;
  const same = { kind, voucher, deliveryId, via, floor, route, version, issuer, label, at, clockDifference };
  return { ...same, id, writtenAt, takenBy: who, ...(name === undefined ? {} : { name }), replaces: entry.id };
}

import type { ValidVoucher } from "@doorproof/verifier";
import type { AuthenticatedClaims, RefusalCode } from "@doorproof/voucher";
import type { Parts } from "../day/deps.ts";
import type { World } from "../day/views.ts";
import { timeOfAct } from "../trust/clock.ts";
import type { Event, TakenBy, Via } from "./entry.ts";
import type { Draft, Stamp, Used } from "./ledger.ts";

// What is written of what happened: drafts, for the ledger to number.

export interface Taker {
  readonly who: TakenBy;
  readonly name?: string;
}

type Pen = Pick<Parts, "now" | "uuid">;

/** A redemption, and the used row that closes its delivery. */
export function draftRedemption(
  pen: Pen,
  world: World,
  {
    text,
    voucher,
    label,
    via,
    taker,
  }: { text: string; voucher: ValidVoucher; label: string | null; via: Via; taker: Taker },
): { draft: Draft & { kind: "redemption" }; used: Used } {
  const { deliveryId, kid, cti, expiresAt, issuer } = voucher;
  const manifest = world.contents.device.identity?.kind === "enrolled" ? world.trust?.manifest : null;
  const draft = stamp(pen, world, label, {
    kind: "redemption",
    voucher: text,
    deliveryId,
    via,
    floor: world.contents.device.floor,
    route: manifest?.route ?? null,
    version: manifest?.version ?? null,
    takenBy: taker.who,
    ...(taker.name === undefined ? {} : { name: taker.name }),
  });
  return { draft, used: { issuer, voucher: kid + cti, deliveryId, expiresAt, at: draft.at, entryId: draft.id } };
}

/** A refused attempt: with what the signature vouched for, never with the voucher. */
export function draftRefusal(
  pen: Pen,
  world: World,
  { code, claims, deliveryId }: { code: RefusalCode; claims: AuthenticatedClaims | null; deliveryId: string | null },
): Draft {
  const known = claims
    ? { kid: claims.kid, cti: claims.cti, deliveryId: claims.deliveryId }
    : deliveryId && { deliveryId };
  return stamp(pen, world, null, { kind: "refusal", code, ...known });
}

/** Numbers, names and dates an event. */
export function stamp<E extends Event>(
  { now, uuid }: Pen,
  { contents: { device } }: World,
  label: string | null,
  event: E,
): E & Stamp {
  const writtenAt = now();
  const at = timeOfAct(writtenAt, device);
  return { ...event, id: uuid(), issuer: device.identity?.issuer ?? "", label, at, writtenAt };
}

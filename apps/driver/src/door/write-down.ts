import type { Via } from "@doorproof/api/lists";
import type { ValidVoucher } from "@doorproof/verifier";
import type { AuthenticatedClaims } from "@doorproof/voucher";
import { AlreadyUsed } from "../ledger/already-used.ts";
import { type DraftDeps, draftRedemption, draftRefusal, type Taker } from "../ledger/drafts.ts";
import type { Memory } from "../ledger/memory.ts";
import type { WrongCodes } from "../ledger/rows.ts";
import { alreadyUsed } from "./circumstances.ts";
import type { Outcome, Refuse } from "./outcome.ts";

interface HandOver {
  /** Of the voucher, as it was scanned or opened. */
  readonly text: string;
  readonly voucher: ValidVoucher;
  readonly label: string | null;
  readonly via: Via;
  readonly taker: Taker;
}

/** Writes a redemption down, and only then says that the parcel may be handed over. */
export async function writeRedemption(
  deps: DraftDeps,
  { ledger, state }: Memory,
  handOver: HandOver,
): Promise<Outcome> {
  const { voucher, label, via } = handOver;
  const { deliveryId, issuer, notes } = voucher;
  const { draft, used } = draftRedemption(deps, state.value, handOver);
  if (__ANNOUNCE__) await announce("judged");
  try {
    await ledger.redeem(draft, used);
  } catch (error) {
    if (!(error instanceof AlreadyUsed)) return notRecorded(deliveryId, error);
    const { kid, cti, expiresAt } = voucher;
    const facts = alreadyUsed(error.used.at, label);
    return writeRefusal(
      deps,
      { ledger, state },
      { kind: "refuse", code: "already-used", facts, deliveryId },
      { claims: { kid, cti, deliveryId, expiresAt }, wrong: null },
    );
  }
  if (__ANNOUNCE__) await announce("written");
  return { kind: "accept", deliveryId, label, issuer, notes, entryId: draft.id, via };
}

/**
 * Shown red even if it could not be stored, since nothing is handed over.
 * @param claims where the signature held
 */
export async function writeRefusal(
  deps: DraftDeps,
  { ledger, state }: Pick<Memory, "ledger" | "state">,
  red: Refuse,
  {
    claims,
    wrong,
  }: {
    claims: AuthenticatedClaims | null;
    wrong: { readonly deliveryId: string; readonly wrong: WrongCodes } | null;
  },
): Promise<Refuse> {
  const draft = draftRefusal(deps, state.value, { code: red.code, claims, deliveryId: red.deliveryId });
  await ledger.write(draft, wrong ?? undefined).catch(() => {});
  return red;
}

function notRecorded(deliveryId: string, error: unknown): Outcome {
  const isFull = error instanceof Error && error.name === "QuotaExceededError";
  return { kind: "not-recorded", deliveryId, why: isFull ? "full" : "failed" };
}

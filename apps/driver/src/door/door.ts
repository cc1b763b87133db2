import "../announce.ts";
import { openShortCode } from "@doorproof/verifier";
import { type AuthenticatedClaims, isDeliveryId, Refusal, type RefusalFacts } from "@doorproof/voucher";
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { Deps } from "../day/deps.ts";
import { AlreadyUsed } from "../ledger/already-used.ts";
import { draftRedemption, draftRefusal, type Taker } from "../ledger/drafts.ts";
import type { Via } from "../ledger/entry.ts";
import type { Memory } from "../ledger/memory.ts";
import type { WrongCodes } from "../ledger/rows.ts";
import { latestSeen } from "../trust/clock.ts";
import { check, refuse, type State, type Verdict } from "./check.ts";
import type { Accept, Outcome, Refuse } from "./outcome.ts";
import { findShortCode } from "./pasted.ts";
import { countWrong, pausedUntil } from "./pause.ts";

// What happens at a door: from a text or a code to a verdict, from a verdict to the ledger, and only then to the screen.

export interface Door {
  readonly outcome: ReadonlySignal<Outcome | null>;
  readonly open: ReadonlySignal<string | null>;
  readonly taker: ReadonlySignal<Taker>;
  openStop(deliveryId: string | null): void;
  chooseTaker(taker: Taker): void;
  /** A camera tells the same code ten times a second: it is new once, and again after it was out of sight. */
  isNew(text: string): boolean;
  /** Counts as seen only if it is the code that was told last: another one, held up early, is new when its turn comes. */
  stillInView(text: string): void;
  scanned(text: string): Promise<void>;
  typed(code: string, deliveryId: string): Promise<void>;
  decide(choice: "hand-over" | "hold-back"): Promise<void>;
  /** After an undo or another taker: what the screen shows is the entry that stands, or nothing. */
  replace(entryId: string, by: string | null): void;
  dismiss(): void;
}

/** Out of sight for this long, in milliseconds, a code is a new one. */
const IN_VIEW = 3000;

const RECIPIENT: Taker = { who: "recipient" };

export function openDoor(deps: Deps, { ledger, state: device, refresh }: Memory): Door {
  const outcome = signal<Outcome | null>(null);
  const open = signal<string | null>(null);
  const taker = signal(RECIPIENT);
  let undecided: { readonly text: string; readonly via: Via; readonly deliveryId: string } | null = null;
  let inView = { text: "", at: Number.NEGATIVE_INFINITY };

  return {
    outcome,
    open,
    taker,
    openStop: (deliveryId) => {
      if (deliveryId !== null && !isDeliveryId(deliveryId)) return;
      show(null);
      openStop(deliveryId);
    },
    chooseTaker: (chosen) => {
      taker.value = chosen;
    },
    isNew: (text) => {
      const at = deps.ticks();
      const held = text === inView.text && at - inView.at < IN_VIEW;
      inView = { text, at };
      return !held;
    },
    stillInView: (text) => {
      if (text === inView.text) inView = { text, at: deps.ticks() };
    },
    scanned: (text) => judge(text, { via: "scan", delivery: open.value, agreed: false }),
    typed: async (code, deliveryId) => {
      const text = await openCode(code, deliveryId);
      if (text !== null) await judge(text, { via: "code", delivery: deliveryId, agreed: false });
    },
    decide: async (choice) => {
      const asked = undecided;
      if (asked === null) return;
      if (choice === "hold-back") return dismiss();
      const { text, via, deliveryId } = asked;
      // Judged anew: a list may have come in, and time has passed.
      await judge(text, { via, delivery: deliveryId, agreed: true });
    },
    replace: (entryId, by) => {
      const shown = outcome.value;
      if (shown?.kind !== "accept" || shown.entryId !== entryId) return;
      outcome.value = by === null ? null : { ...shown, entryId: by };
    },
    dismiss,
  };

  async function judge(text: string, asked: Pick<State, "delivery" | "agreed"> & { via: Via }): Promise<void> {
    const verdict = check(text, state(asked));
    switch (verdict.kind) {
      case "not-a-voucher":
        // A poster behind the parcel must not wipe a red screen away.
        if (outcome.value === null) show({ kind: "not-a-voucher" });
        return;
      case "refuse":
        return turnAway(verdict.refuse, verdict.claims);
      case "decide": {
        const { deliveryId } = verdict.decide;
        if (open.value === null) openStop(deliveryId);
        show(verdict.decide);
        undecided = { text, via: asked.via, deliveryId };
        return;
      }
      case "valid":
        return handOver(text, verdict, asked.via);
    }
  }

  async function handOver(text: string, verdict: Verdict & { kind: "valid" }, via: Via): Promise<void> {
    const { voucher, label } = verdict;
    const { deliveryId, issuer, notes } = voucher;
    const { draft, used } = draftRedemption(deps, device.value, { text, voucher, label, via, taker: taker.value });
    if (__ANNOUNCE__) await announce("judged");
    try {
      await ledger.redeem(draft, used);
    } catch (error) {
      if (!(error instanceof AlreadyUsed)) return notRecorded(deliveryId, error);
      const { kid, cti, expiresAt } = voucher;
      const facts = alreadyUsed(error.used.at, label);
      const claims = { kid, cti, deliveryId, expiresAt };
      return turnAway({ kind: "refuse", code: "already-used", facts, deliveryId }, claims);
    }
    if (__ANNOUNCE__) await announce("written");
    await settle({ kind: "accept", deliveryId, label, issuer, notes, entryId: draft.id, via });
  }

  // Red whether or not it could be written down: nothing is handed over.
  async function turnAway(
    red: Refuse,
    claims: AuthenticatedClaims | null,
    wrong?: { readonly deliveryId: string; readonly wrong: WrongCodes },
  ): Promise<void> {
    const draft = draftRefusal(deps, device.value, { code: red.code, claims, deliveryId: red.deliveryId });
    await ledger.write(draft, wrong).catch(() => {});
    await settle(red);
  }

  async function openCode(typed: string, deliveryId: string): Promise<string | null> {
    const manifest = device.value.trust?.manifest;
    const stop = manifest?.stops.find((stop) => stop.deliveryId === deliveryId);
    try {
      if (!manifest) throw new Refusal("no-manifest", {});
      if (!stop) throw new Refusal("not-on-manifest", { route: manifest.route });
      const until = pausedUntil(device.value.contents.device.wrong[deliveryId], deps.now());
      if (until !== null) {
        show({ kind: "paused", deliveryId, until });
        return null;
      }
      return await openShortCode(findShortCode(typed), { stop, logN: manifest.logN, scrypt: deps.scrypt });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // A slip of the finger is no attempt: it costs no KDF run, counts no try and is not written down.
      if (Refusal.is(error, "code-mistyped")) show(refuse(error, deliveryId));
      else await turnAway(refuse(error, deliveryId), null, counted(error, deliveryId));
      return null;
    }
  }

  function counted(error: Refusal, deliveryId: string): { deliveryId: string; wrong: WrongCodes } | undefined {
    if (!Refusal.is(error, "wrong-code")) return undefined;
    return { deliveryId, wrong: countWrong(device.value.contents.device.wrong[deliveryId], deps.now()) };
  }

  function state({ delivery, agreed }: Pick<State, "delivery" | "agreed">): State {
    const { contents, trust } = device.value;
    const { identity } = contents.device;
    return {
      issuer: identity?.issuer ?? "",
      enrolled: identity?.kind === "enrolled",
      trust,
      now: deps.now(),
      seen: latestSeen(contents.device),
      delivery,
      agreed,
      used: (claims) => {
        const use = contents.used.find(
          ({ issuer, voucher, deliveryId }) =>
            issuer === identity?.issuer && (voucher === claims.kid + claims.cti || deliveryId === claims.deliveryId),
        );
        return use && alreadyUsed(use.at, labelOf(claims.deliveryId));
      },
    };
  }

  function labelOf(deliveryId: string): string | null {
    return device.value.trust?.manifest?.stops.find((stop) => stop.deliveryId === deliveryId)?.label ?? null;
  }

  // The screen first: the driver waits for it. The list follows; should it fail, the ledger has it all the same.
  async function settle(told: Accept | Refuse): Promise<void> {
    show(told);
    await refresh().catch(() => {});
  }

  function notRecorded(deliveryId: string, error: unknown): void {
    const isFull = error instanceof Error && error.name === "QuotaExceededError";
    inView = { text: "", at: Number.NEGATIVE_INFINITY };
    show({ kind: "not-recorded", deliveryId, why: isFull ? "full" : "failed" });
  }

  function show(told: Outcome | null): void {
    undecided = null;
    outcome.value = told;
  }

  function openStop(deliveryId: string | null): void {
    batch(() => {
      if (open.value !== deliveryId) taker.value = RECIPIENT;
      open.value = deliveryId;
    });
  }

  function dismiss(): void {
    // What was handed over is done, and a parcel that the driver did not name is not the one in his hand.
    const shown = outcome.value;
    if (shown?.kind === "accept" || (shown?.kind === "decide" && shown.why === "name-parcel")) openStop(null);
    show(null);
  }
}

function alreadyUsed(at: number, label: string | null): RefusalFacts["already-used"] {
  return { at, ...(label === null ? {} : { where: label }) };
}

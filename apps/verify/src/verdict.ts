import type { Note, ValidVoucher } from "@doorproof/verifier";
import { explainRefusal, Refusal } from "@doorproof/voucher";
import { EXIT, type ExitCode, exitOfRefusal } from "./exit.ts";
import type { Terminal } from "./terminal.ts";
import { formatTime, toIso } from "./when.ts";

/** What was decided about one text. */
export type Verdict = { readonly valid: ValidVoucher } | { readonly refusal: Refusal };

export function decide(verify: () => ValidVoucher): Verdict {
  try {
    return { valid: verify() };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

export function exitOfVerdict(verdict: Verdict): ExitCode {
  return "valid" in verdict ? EXIT.done : exitOfRefusal(verdict.refusal.code);
}

/** One line for a person: the word, then what it is about, then why or how far. */
export function verdictLine(verdict: Verdict, { paint }: Pick<Terminal, "paint">): string {
  if ("valid" in verdict) {
    const { deliveryId, expiresAt, issuer, notes } = verdict.valid;
    const remarks = notes.length === 0 ? "" : `  ${paint("dim", `(${notes.map((note) => NOTES[note]).join(", ")})`)}`;
    return `${paint("green", "valid")}      ${deliveryId}  until ${formatTime(expiresAt)}  issuer ${issuer}${remarks}`;
  }
  const { code, claims } = verdict.refusal;
  const word = exitOfRefusal(code) === EXIT.undecided ? paint("yellow", "undecided") : `${paint("red", "refused")}  `;
  // Claims are there only if the signature held; nothing unverified is shown.
  const about = claims === undefined ? "" : `  ${claims.deliveryId}`;
  return `${word}  ${code}${about}  ${explainRefusal(verdict.refusal)}${moreOf(verdict.refusal)}`;
}

/** One object for a program: the same members whatever was decided, null where nothing is known. */
export function verdictJson(verdict: Verdict): string {
  if ("valid" in verdict) {
    const { deliveryId, expiresAt, kid, cti, issuer, notes } = verdict.valid;
    return JSON.stringify({ ok: true, code: null, deliveryId, expiresAt: toIso(expiresAt), kid, cti, issuer, notes });
  }
  const { code, facts, claims } = verdict.refusal;
  const { deliveryId = null, expiresAt, cti = null } = claims ?? {};
  const kid = claims?.kid ?? ("kid" in facts ? facts.kid : null);
  const step = "step" in facts ? { step: facts.step } : {};
  const until = expiresAt === undefined ? null : toIso(expiresAt);
  return JSON.stringify({ ok: false, code, ...step, deliveryId, expiresAt: until, kid, cti, issuer: null, notes: [] });
}

const NOTES: Readonly<Record<Note, string>> = {
  "keys-old": "key list overdue",
  "revocations-old": "revocation list overdue",
  "no-revocations": "no revocation list",
  "keys-unsigned": "key set not signed",
  "delivery-not-compared": "delivery not compared",
  "assignment-not-checked": "assignment not checked",
  "phone-not-in-voucher": "no phone number in the voucher",
};

// What the refusal's sentence leaves out and a person acts on.
function moreOf(refusal: Refusal): string {
  if (Refusal.is(refusal, "malformed")) return ` (${refusal.facts.step})`;
  if (Refusal.is(refusal, "expired")) return ` at ${formatTime(refusal.facts.expiresAt)}`;
  if (Refusal.is(refusal, "key-not-valid")) {
    return `, from ${formatTime(refusal.facts.from)} to ${formatTime(refusal.facts.to)}`;
  }
  if (Refusal.is(refusal, "unknown-key")) return `: ${refusal.facts.kid}`;
  if (Refusal.is(refusal, "clock-behind")) return `: ${formatTime(refusal.facts.floor)}`;
  if (Refusal.is(refusal, "stale-keys") || Refusal.is(refusal, "stale-revocations")) {
    return `, due ${formatTime(refusal.facts.expiredAt)}`;
  }
  if (Refusal.is(refusal, "revoked")) return `, says the list of ${formatTime(refusal.facts.listedAt)}`;
  return "";
}

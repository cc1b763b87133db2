import { type KeySet, type Question, verifyVoucher } from "@doorproof/verifier";
import type { RevocationList } from "@doorproof/voucher";
import { EXIT, type ExitCode, worst } from "./exit.ts";
import { openKeys, openRevocationList, type PublishedKeys } from "./keys.ts";
import { painter } from "./terminal.ts";
import { decide, exitOfVerdict, type Verdict, verdictJson, verdictLine } from "./verdict.ts";

/** What every voucher is held against, as plain data that another thread can be given. */
export interface CriteriaData {
  readonly keys: PublishedKeys;
  /** The signed document. */
  readonly revocations: Uint8Array | null;
  readonly delivery: string | null;
  /** E.164. */
  readonly phones: readonly string[] | null;
}

/** The verdicts on some vouchers. */
export interface BatchResult {
  /** As they are printed, a line each, in order, without a last line break. */
  readonly text: string;
  /** How many ended so: `valid`, or a refusal's code. */
  readonly counts: ReadonlyMap<string, number>;
  /** Of the worst. */
  readonly exit: ExitCode;
}

/** @param now seconds since 1970 */
export type VerifyBatch = (texts: readonly string[], now: number) => BatchResult;

/** How verdicts are written. Also plain data. */
export interface OutputFormat {
  readonly json: boolean;
  readonly hasColour: boolean;
}

/** The same, with keys and list opened. */
export type Criteria = Omit<Question, "now">;

/** @throws {Refusal} keys or list do not hold */
export function openCriteria({ keys: published, revocations: document, ...rest }: CriteriaData): Criteria {
  const keys = openKeys(published);
  return criteriaOf(rest, { keys, revocations: document && openRevocationList(document, { keys }) });
}

/** The same, for whoever has opened them already: importing a year of keys takes a moment. */
export function criteriaOf(
  { delivery, phones }: Pick<CriteriaData, "delivery" | "phones">,
  { keys, revocations }: { keys: KeySet; revocations: RevocationList | null },
): Criteria {
  return { keys, delivery, ...(revocations && { revocations }), ...(phones && { phones }) };
}

export function openBatchVerifier(criteria: Criteria, format: OutputFormat): VerifyBatch {
  const paint = painter(format);
  const write = format.json ? verdictJson : (verdict: Verdict) => verdictLine(verdict, { paint });

  return (texts, now) => {
    const verdicts = texts.map((text) => decide(() => verifyVoucher(text, { ...criteria, now })));
    const counts = new Map<string, number>();
    for (const verdict of verdicts) {
      const end = "valid" in verdict ? "valid" : verdict.refusal.code;
      counts.set(end, (counts.get(end) ?? 0) + 1);
    }
    const exit = verdicts.map(exitOfVerdict).reduce(worst, EXIT.done);
    return { text: verdicts.map(write).join("\n"), counts, exit };
  };
}

import type { UploadRecord } from "@doorproof/api";
import { ANSWER_STATUSES } from "@doorproof/api/lists";
import { isTime, readTime, writeTime } from "@doorproof/api/time";
import type { Answer, Entry } from "../ledger/entry.ts";

// Entries and answers as they travel: POST /v1/redemptions (docs/format.md section 7). Seconds inside, ISO 8601
// outside.

/** An entry as the issuer takes it. */
export function writeEntry(entry: Entry): UploadRecord {
  const { id, seq, kind } = entry;
  const at = writeTime(entry.at);
  // An entry that was undone in time is sent without its voucher, as an undo of itself, so that its number is no gap.
  if (entry.undoneBy !== undefined) return { kind: "undo", id, seq, at, of: id };
  switch (kind) {
    case "redemption": {
      const { via, floor, route, version, takenBy, name, clockDifference } = entry;
      // Only an entry that was answered has none, and that is not offered again.
      const voucher = entry.voucher ?? "";
      const manifest = route === null || version === null ? {} : { route, version };
      const rest = { ...manifest, takenBy, ...(name === undefined ? {} : { name }) };
      const writtenAt = writeTime(entry.writtenAt);
      const clock = typeof clockDifference === "number" ? { writtenAt, clockDifference } : { writtenAt };
      return { kind, id, seq, voucher, via, at, floor: writeTime(floor), ...rest, ...clock };
    }
    case "refusal": {
      const { code, kid, cti, deliveryId } = entry;
      const claims = { ...(kid && { kid }), ...(cti && { cti }), ...(deliveryId && { deliveryId }) };
      return { kind, id, seq, at, code, ...claims };
    }
    case "attempt": {
      const { deliveryId, reason, note } = entry;
      return { kind, id, seq, at, deliveryId, reason, ...(note === undefined ? {} : { note }) };
    }
    case "undo":
      return { kind, id, seq, at, of: entry.of };
  }
}

export interface Answers {
  /** The issuer's time, seconds since 1970. */
  readonly now: number;
  readonly answers: ReadonlyMap<string, Answer>;
  /** Records that the issuer could not read, by ID: why. They are not stored there. */
  readonly unread: ReadonlyMap<string, string>;
}

/**
 * Reads an answer. Strict in shape, or a captive portal's page could be taken for one. A single result that is not
 * understood is ignored, and its record offered again.
 *
 * @param sent the IDs that were offered: results for others are ignored
 * @returns null: not an answer
 */
export function readAnswers(value: unknown, sent: ReadonlySet<string>): Answers | null {
  if (!isObject(value) || !Array.isArray(value["results"])) return null;
  const now = readMoment(value["now"]);
  if (now === null) return null;
  const answers = new Map<string, Answer>();
  const unread = new Map<string, string>();
  for (const result of value["results"]) {
    if (!isObject(result)) continue;
    const { id, status, code } = result;
    const known = ANSWER_STATUSES.find((one) => one === status);
    // The first result of an ID counts, as at the issuer the first committed record.
    if (typeof id !== "string" || known === undefined || !sent.has(id) || answers.has(id) || unread.has(id)) continue;
    if (known === "refused" && code === "invalid-record") unread.set(id, code);
    else answers.set(id, { status: known, ...(typeof code === "string" ? { code } : {}), ...readBy(result["by"]) });
  }
  return { now, answers, unread };
}

/** What an enrolment link is exchanged for. */
export interface Enrolment {
  readonly deviceToken: string;
  readonly issuer: string;
  readonly route: string;
  readonly country: string;
  readonly roots: readonly string[];
  readonly now: number;
}

/** @returns null: not an answer */
export function readEnrolment(value: unknown): Enrolment | null {
  if (!isObject(value)) return null;
  const { deviceToken, issuer, route, country, roots } = value;
  const now = readMoment(value["now"]);
  if (![deviceToken, issuer, route, country].every(isText) || now === null) return null;
  if (!Array.isArray(roots) || roots.length === 0 || !roots.every(isKey)) return null;
  return { deviceToken, issuer, route, country, roots, now } as Enrolment;
}

/** Times that a voucher can carry. */
const LATEST = 2 ** 32 - 1;

// Nothing is believed at no time, and a time that no voucher can carry is none of the issuer's.
function readMoment(value: unknown): number | null {
  const seconds = typeof value === "string" && isTime(value) ? readTime(value) : -1;
  return seconds >= 0 && seconds <= LATEST ? seconds : null;
}

function readBy(value: unknown): Pick<Answer, "by"> {
  if (!isObject(value)) return {};
  const at = readMoment(value["at"]);
  const { reporter } = value;
  return at === null ? {} : { by: { at, ...(typeof reporter === "string" ? { reporter } : {}) } };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 1000;
}

function isKey(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { setImmediate } from "node:timers/promises";
import type { AttemptReason, EventType } from "@doorproof/api/lists";
import { CLOCK_TOLERANCE } from "@doorproof/verifier";
import type { RefusalCode } from "@doorproof/voucher";
import { append } from "../audit/index.ts";
import { findGaps, type Gap, reporterOf } from "../dispatch/index.ts";
import { encrypt, noteRow } from "../encryption.ts";
import type { Actor } from "../ports.ts";
import { refuseDoubted } from "../refuse-doubted.ts";
import { drawStandIn, findTombstone } from "./erased.ts";
import { isAfterEnd } from "./judge.ts";
import type { RedemptionAnswer, RedemptionRecord } from "./record.ts";
import { redeem } from "./redeem.ts";
import type { EntryMark, EntryRow, RedemptionDeps, RedemptionReach } from "./rows.ts";

/** What happened at a door, as a device tells it. Times are seconds since 1970, by the device's clock. */
export type Entry = ({ readonly kind?: "redemption" } & RedemptionRecord) | NotedEntry;

/** Records that are stored and decide nothing. */
export type NotedEntry = Numbered &
  (
    | {
        /** A voucher that the device refused: without its text, and with its claims only if the signature held. */
        readonly kind: "refusal";
        readonly code: RefusalCode;
        readonly kid?: string;
        readonly cti?: string;
        readonly deliveryId?: string;
      }
    | {
        /** Nobody took the parcel. */
        readonly kind: "attempt";
        readonly deliveryId: string;
        readonly reason: AttemptReason;
        readonly note?: string;
      }
    | {
        /** A mistake, taken back on the device before it was uploaded. */
        readonly kind: "undo";
        readonly of: string;
      }
  );

interface Numbered {
  /** UUID, drawn by the device. */
  readonly id: string;
  readonly seq: number;
  readonly at: number;
}

export type EntryAnswer = RedemptionAnswer | { readonly id: string; readonly status: "noted" };

/**
 * Takes what devices and couriers report, in order. Each is stored by itself, and idempotent by its ID. Numbers that
 * are missing become an event in the audit trail: something happened at a door and was not reported.
 *
 * @param entries of the right shape; nothing in them is believed
 * @param reporter whose token carried them
 * @throws {IssueError} `clock-doubted`: what is answered stays, so nothing is judged by a wrong clock
 */
export async function report(
  deps: RedemptionDeps,
  entries: readonly Entry[],
  reporter: Actor,
): Promise<readonly EntryAnswer[]> {
  refuseDoubted(deps);
  const answers: EntryAnswer[] = [];
  for (const entry of entries) {
    if (isNoted(entry)) answers.push(await note(deps, entry, reporter));
    else answers.push(await redeem(deps, entry, reporter));
    // A database in this process answers at once, and nobody else would be served until the last one.
    await setImmediate();
  }
  if (reporter.kind === "device") await markSeen(deps, reporter);
  return answers;
}

function isNoted(entry: Entry): entry is NotedEntry {
  return entry.kind !== undefined && entry.kind !== "redemption";
}

async function note(deps: RedemptionDeps, entry: NotedEntry, actor: Actor): Promise<EntryAnswer> {
  const now = deps.now();
  const written = writeEntry(deps, entry, { reporter: reporterOf(actor), now });
  return deps.store.transaction(async (rows) => {
    const device = actor.kind === "device" ? await rows.findDevice(actor.id) : undefined;
    if (isAfterEnd(written.at, device?.revokedAt ?? null))
      return { id: written.entryId, status: "refused", code: "out-of-bounds" };
    const { row, about } = await placeEntry(rows, deps, written);
    const noted = { id: row.entryId, status: "noted" } as const;
    if (!(await rows.insertEntry(row))) return noted;
    const { kind, deliveryId, kid, cti } = row;
    await append(rows, AT_THE_DOOR[kind], {
      deps,
      actor,
      now,
      ...(deliveryId === null ? {} : { deliveryId }),
      ...(kid === null || cti === null ? {} : { voucherId: kid + cti }),
      reason: [about, reasonOf(entry), ...row.marks.map((mark) => `(${mark})`)].join(" ").trim(),
    });
    return noted;
  });
}

/** Under which delivery an entry stands; `about`: what the reporter called one that the issuer does not know. */
async function placeEntry(
  rows: RedemptionReach,
  deps: RedemptionDeps,
  written: Omit<EntryRow, "marks">,
): Promise<{ row: EntryRow; about: string }> {
  const { kid, cti, deliveryId } = written;
  const tombstone = kid === null || cti === null ? null : await findTombstone(rows, { kid, cti });
  const standing = tombstone ?? deliveryId;
  const isKnown = standing === null || (await rows.findDelivery(standing)) !== undefined;
  const row = { ...written, deliveryId: isKnown ? standing : drawStandIn(deps), marks: marksOf(written, { isKnown }) };
  return { row, about: isKnown ? "" : `${deliveryId}:` };
}

// Nothing is lost for it: a phone with a broken clock was at that door all the same. But its time stands in the database,
// and somebody will read there when a driver rang.
function marksOf(
  { kind, at, receivedAt }: Omit<EntryRow, "marks">,
  { isKnown }: { isKnown: boolean },
): readonly EntryMark[] {
  const marks: EntryMark[] = [];
  if (at < receivedAt - OLDEST || at > receivedAt + CLOCK_TOLERANCE) marks.push("out-of-bounds");
  if (kind === "attempt" && !isKnown) marks.push("unknown-delivery");
  return marks;
}

/** Seconds before its upload that an entry can have happened: longer than any manifest lives and any phone is away. */
const OLDEST = 31 * 86_400;

function reasonOf(entry: NotedEntry): string {
  if (entry.kind === "refusal") return entry.code;
  if (entry.kind === "undo") return entry.of;
  return entry.note === undefined ? entry.reason : `${entry.reason}: ${entry.note}`;
}

function writeEntry(
  deps: RedemptionDeps,
  entry: NotedEntry,
  { reporter, now }: { reporter: string; now: number },
): Omit<EntryRow, "marks"> {
  const { id, kind, seq, at } = entry;
  const nothing = { deliveryId: null, code: null, kid: null, cti: null, reason: null, sealedNote: null, undoes: null };
  const row = { ...nothing, reporter, entryId: id, kind, deviceSeq: seq, at, receivedAt: now };
  switch (kind) {
    case "refusal": {
      const { code, kid = null, cti = null, deliveryId = null } = entry;
      return { ...row, code, kid, cti, deliveryId };
    }
    case "attempt": {
      const { deliveryId, reason, note: text } = entry;
      const sealedNote = text === undefined ? null : encrypt(deps, noteRow({ reporter, entryId: id }), text);
      return { ...row, deliveryId, reason, sealedNote };
    }
    case "undo":
      return { ...row, undoes: entry.of };
  }
}

async function markSeen(deps: RedemptionDeps, actor: Actor): Promise<void> {
  const now = deps.now();
  await deps.store.transaction(async (rows) => {
    const device = await rows.findDevice(actor.id);
    if (!device) return;
    // Only from the highest number before: a report costs the same on the last day of a phone's year as on the first.
    // Where a lower gap begins was told when it was noticed.
    const seqs = await rows.seqsOf(reporterOf(actor), { from: device.lastSeq });
    const lastSeq = Math.max(device.lastSeq, seqs.at(-1) ?? 0);
    const missing = findGaps(seqs).filter(({ from }) => from > device.lastSeq);
    await rows.setDevice(actor.id, { lastSeenAt: now, lastSeq });
    if (missing.length > 0)
      await append(rows, "device-gap", { deps, actor, now, reason: missing.map(formatGap).join(", ") });
  });
}

function formatGap({ from, to }: Gap): string {
  return from === to ? `${from} is missing` : `${from} to ${to} are missing`;
}

const AT_THE_DOOR = {
  refusal: "door-refusal",
  attempt: "door-attempt",
  undo: "door-undo",
} as const satisfies Record<NotedEntry["kind"], EventType>;

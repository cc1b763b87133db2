import { Refusal } from "@doorproof/voucher";
import { trustedBy } from "../ledger/device-state.ts";
import type { Entry } from "../ledger/entry.ts";
import type { Memory } from "../ledger/memory.ts";
import { accept } from "../trust/accept.ts";
import { kindOf } from "../trust/documents.ts";
import { firstBatch } from "./batch.ts";
import type { SyncTrouble } from "./trouble.ts";
import { readAnswers, writeEntry } from "./wire.ts";

// What a sync does, by files: records are exported, lists and answers imported. For a phone that finds no network, and
// for the page that never has one.

const CHUNK = 500;

/**
 * The unsent records, oldest first: each file is the very body of POST /v1/redemptions, of one issuer. They hold
 * vouchers.
 */
export async function exportUnsent({ ledger, refresh }: Memory): Promise<readonly File[]> {
  const files: File[] = [];
  for (let after = 0; ; ) {
    const waiting = await ledger.pending(after, CHUNK, { dead: true });
    const [first] = waiting;
    if (!first) break;
    const foreign = waiting.findIndex(({ issuer }) => issuer !== first.issuer);
    const batch = firstBatch(foreign === -1 ? waiting : waiting.slice(0, foreign));
    files.push(toFile(batch, files.length + 1));
    after = (batch.at(-1) as Entry).seq;
    // From here on the issuer may have them, so they cannot be undone any more.
    await ledger.offer(after);
  }
  await refresh();
  return files;
}

/** Takes a list or sealed stops: judged under the pinned root, as if they had been fetched. */
export async function takeDocument(
  { ledger, state, reload }: Memory,
  document: Uint8Array,
): Promise<SyncTrouble | null> {
  const trusted = trustedBy(state.value);
  const kind = kindOf(document);
  if (trusted?.identity.kind !== "root-pinned" || kind === null) return "no-keys";
  // Somebody chose this file of sealed stops, so the version of an earlier file does not count.
  const documents = kind === "manifest" ? trusted.documents.filter((row) => row.kind !== kind) : trusted.documents;
  try {
    const { identity } = await accept(ledger, { ...trusted, documents }, kind, { document, etag: null, time: null });
    // As at a sync, this ends a local mark that a wrong clock may have left.
    if (kind !== "manifest") await ledger.identify(identity, null);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code === "older-document" ? "older-list" : "no-keys";
  }
  await reload();
  return null;
}

/**
 * Takes the issuer's answer to records that somebody uploaded from a file. It is not signed, and a forged one would end
 * records that never arrived; so an enrolled device, which can ask the issuer itself, takes none.
 */
export async function takeAnswers(
  { ledger, state, refresh }: Memory,
  value: unknown,
  { now }: { now: number },
): Promise<SyncTrouble | null> {
  if (state.value.contents.device.identity?.kind === "enrolled") return "no-keys";
  const numbers = new Map<string, number>();
  for (let after = 0; ; ) {
    const waiting = await ledger.pending(after, CHUNK, { dead: true });
    for (const { id, seq } of waiting) numbers.set(id, seq);
    if (waiting.length < CHUNK) break;
    after = (waiting.at(-1) as Entry).seq;
  }
  const read = readAnswers(value, new Set(numbers.keys()));
  if (read === null) return "no-keys";
  const numbered = [...read.answers].flatMap(([id, answer]) => {
    const seq = numbers.get(id);
    return seq === undefined ? [] : [[seq, answer] as const];
  });
  await ledger.answer(new Map(numbered), { now: read.now, difference: read.now - now });
  await refresh();
  return null;
}

function toFile(batch: readonly Entry[], number: number): File {
  const issuer = (batch[0]?.issuer ?? "").replace(/[^\w.-]/g, "_");
  const body = JSON.stringify({ records: batch.map(writeEntry) }, null, 1);
  return new File([body], `doorproof-${issuer}-${number}.json`, { type: "application/json" });
}

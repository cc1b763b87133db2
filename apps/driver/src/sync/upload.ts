import { MAX_RECORDS } from "@doorproof/api/lists";
import type { Entry } from "../ledger/entry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { FormerToken } from "../ledger/rows.ts";
import type { Identity } from "../trust/documents.ts";
import { firstBatch } from "./batch.ts";
import { ask, type End, type Network, readJson, readProblem, readRetryAfter } from "./network.ts";
import { readAnswers, writeEntry } from "./wire.ts";

/** Entries wait this many seconds, so that a mistake can be undone. */
export const HOLD = 10;
/** Bytes of the issuer's answer. */
const MAX_ANSWER = 1_048_576;

interface Upload {
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly dead: boolean;
}

export interface Uploaded {
  readonly end: End;
  /** Issuer's clock minus this device's, by the last answer that stated a time; null: none did. */
  readonly difference: number | null;
  /** Of `rate-limited`: seconds until the issuer takes more. */
  readonly retryIn: number | null;
}

/**
 * Uploads entries and stores their answers: oldest first, in batches, until none has waited long enough; each by the
 * token under which it was made. Where the issuer takes that no more, by the present one: it is told to a person at
 * least.
 */
export async function upload(network: Network, { ledger, identity, dead }: Upload): Promise<Uploaded> {
  if (identity.kind !== "enrolled") return without("done");
  let after = 0;
  let difference: number | null = null;
  for (let first = true; ; first = false) {
    const waiting = await ledger.pending(after, MAX_RECORDS, { dead });
    const ripe = untilHeld(waiting, network.now()).filter(({ issuer }) => issuer === identity.issuer);
    const { token, entries } = underOneToken(ripe, { former: await ledger.former(), present: identity.deviceToken });
    const batch = firstBatch(entries);
    // An empty batch is sent once too: its answer has the issuer's time, which corrects a wrong clock.
    if (batch.length === 0 && !first) break;
    const sent = await send(network, { ledger, token, batch });
    difference = sent.difference ?? difference;
    if (sent.end === "shut-out" && token !== identity.deviceToken) {
      await ledger.forgetTokens(token);
      continue;
    }
    if (sent.end === "shut-out") await ledger.shutOut();
    if (sent.end !== "done") return { ...sent, difference };
    if (batch.length === 0) break;
    after = batch.at(-1)?.seq ?? after;
  }
  await ledger.forgetTokens(null);
  return { ...without("done"), difference };
}

function underOneToken(
  entries: readonly Entry[],
  { former, present }: { former: readonly FormerToken[]; present: string },
): { token: string; entries: readonly Entry[] } {
  const tokenOf = ({ seq, issuer }: Entry) =>
    former.find((one) => one.issuer === issuer && seq <= one.upTo)?.deviceToken ?? present;
  const [first] = entries;
  const token = first ? tokenOf(first) : present;
  const other = entries.findIndex((entry) => tokenOf(entry) !== token);
  return { token, entries: other === -1 ? entries : entries.slice(0, other) };
}

// After the clock was set back an entry may lie in the future: it is not held until then.
function untilHeld(entries: readonly Entry[], now: number): readonly Entry[] {
  const held = entries.findIndex(({ writtenAt }) => now >= writtenAt && now < writtenAt + HOLD);
  return held === -1 ? entries : entries.slice(0, held);
}

async function send(
  network: Network,
  { ledger, token, batch }: { ledger: Ledger; token: string; batch: readonly Entry[] },
): Promise<Uploaded> {
  // From here on the issuer may have them, whether or not its answer arrives. Written first, so that they cannot be
  // undone any more.
  const last = batch.at(-1);
  if (last) await ledger.offer(last.seq);
  if (__ANNOUNCE__) await announce("offered");
  const asked = network.now();
  const answer = await ask(network, "v1/redemptions", {
    token,
    body: { records: batch.map(writeEntry) },
    max: MAX_ANSWER,
  });
  if (__ANNOUNCE__) await announce("answered");
  if (answer === null) return without("no-connection");
  if (answer.status === 200) {
    const read = readAnswers(readJson(answer), new Set(batch.map(({ id }) => id)));
    if (read === null) return without("not-an-answer");
    const of = <T>(found: ReadonlyMap<string, T>) =>
      new Map(batch.flatMap(({ id, seq }) => (found.has(id) ? [[seq, found.get(id) as T] as const] : [])));
    // Compared with the middle between request and answer, so that a slow network does not look like a wrong clock.
    const difference = read.now - Math.round((asked + network.now()) / 2);
    await ledger.answer(of(read.answers), { now: read.now, difference });
    for (const [seq, code] of of(read.unread)) await ledger.bury(seq, code);
    if (__ANNOUNCE__) await announce("stored");
    return { ...without("done"), difference };
  }
  const problem = readProblem(answer);
  if (problem === null) return without("not-an-answer");
  if (answer.status === 401) return without("shut-out");
  if (answer.status === 429) return { ...without("rate-limited"), retryIn: readRetryAfter(answer) };
  if (answer.status !== 400 && answer.status !== 413 && answer.status !== 422) return without("not-an-answer");
  return divide(network, { ledger, token, batch, problem });
}

// One bad record must not block the others: the batch is halved until that record is alone.
async function divide(
  network: Network,
  { ledger, token, batch, problem }: { ledger: Ledger; token: string; batch: readonly Entry[]; problem: string },
): Promise<Uploaded> {
  const [only, second] = batch;
  if (!only) return without("done");
  if (!second) {
    await ledger.bury(only.seq, problem);
    return without("done");
  }
  const middle = batch.length >> 1;
  const sent = await send(network, { ledger, token, batch: batch.slice(0, middle) });
  return sent.end === "done" ? send(network, { ledger, token, batch: batch.slice(middle) }) : sent;
}

function without(end: End): Uploaded {
  return { end, difference: null, retryIn: null };
}

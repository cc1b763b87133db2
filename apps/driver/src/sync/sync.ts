import "../announce.ts";
import { Refusal, type RefusalCode } from "@doorproof/voucher";
import type { Entry } from "../ledger/entry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { accept, type Offered, type Trusted } from "../trust/accept.ts";
import type { Identity, Kind } from "../trust/documents.ts";
import { type Enrolment, readAnswers, readEnrolment, writeEntry } from "./wire.ts";

// The only file that fetches. Nothing here decides by whether the browser thinks it is online: it tries, and says how it ended. Whatever is
// not an answer of the issuer's (no network, a captive portal's page, a proxy's error) changes nothing, and the same is offered again.

export interface Network {
  readonly fetch: typeof fetch;
  /** The issuer's own address, ending in "/". */
  readonly base: string;
  readonly now: () => number;
}

/** `revoked`: the issuer no longer takes this device's token. */
export type End = "done" | "no-connection" | "not-an-answer" | "revoked";

export interface Synced extends Trusted {
  readonly end: End;
  /** Why an offered document was not taken. */
  readonly documentRefused: RefusalCode | null;
}

/**
 * One sync: entries up, answers back, documents down.
 * @param dead offers again what the issuer would not read: at a start and by hand
 */
export async function sync(
  network: Network,
  { ledger, before, dead }: { ledger: Ledger; before: Trusted; dead: boolean },
): Promise<Synced> {
  const uploaded = await upload(network, { ledger, identity: before.identity, dead });
  if (uploaded !== "done" && uploaded !== "revoked") return { ...before, end: uploaded, documentRefused: null };
  const after = await fetchDocuments(network, ledger, before);
  // The lists are for everybody: a device that may report no more still learns what was withdrawn.
  return uploaded === "revoked" ? { ...after, end: "revoked" } : after;
}

/** Entries wait this long, in seconds, so that a slip can be taken back. */
export const HOLD = 10;
const MAX_RECORDS = 500;
/** Bytes of a body; the issuer takes 256 KiB. */
const MAX_BODY = 250_000;
const TIMEOUT = 30_000;

interface Upload {
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly dead: boolean;
}

async function upload(network: Network, { ledger, identity, dead }: Upload): Promise<End> {
  if (identity.kind !== "enrolled") return "done";
  let after = 0;
  for (let first = true; ; first = false) {
    const waiting = await ledger.pending(after, MAX_RECORDS, { dead });
    const ripe = untilHeld(waiting, network.now());
    const batch = fitting(ripe.filter(({ issuer }) => issuer === identity.issuer));
    // An empty batch goes once too: its answer carries the issuer's time, which heals a wrong clock.
    if (batch.length === 0 && !first) return "done";
    const end = await send(network, { ledger, token: identity.deviceToken, batch });
    if (end !== "done") return end;
    if (batch.length === 0) return "done";
    after = batch.at(-1)?.seq ?? after;
  }
}

// A clock that was set back makes an entry of the future: it is not held until then.
function untilHeld(entries: readonly Entry[], now: number): readonly Entry[] {
  const held = entries.findIndex(({ writtenAt }) => now >= writtenAt && now < writtenAt + HOLD);
  return held === -1 ? entries : entries.slice(0, held);
}

/** As many of the first as one body may hold. */
export function fitting(entries: readonly Entry[]): readonly Entry[] {
  let size = 0;
  const over = entries.findIndex((entry) => {
    size += new TextEncoder().encode(JSON.stringify(writeEntry(entry))).length + 1;
    return size > MAX_BODY;
  });
  return over === -1 ? entries : entries.slice(0, Math.max(1, over));
}

async function send(
  network: Network,
  { ledger, token, batch }: { ledger: Ledger; token: string; batch: readonly Entry[] },
): Promise<End> {
  // From here on the issuer may have them, whatever becomes of the answer: written first, so that nothing is taken back behind his back.
  const last = batch.at(-1);
  if (last) await ledger.offer(last.seq);
  if (__ANNOUNCE__) await announce("offered");
  const asked = network.now();
  const answer = await ask(network, "v1/redemptions", {
    token,
    body: { records: batch.map(writeEntry) },
    max: 1_048_576,
  });
  if (__ANNOUNCE__) await announce("answered");
  if (answer === null) return "no-connection";
  if (answer.status === 200) {
    const read = readAnswers(parse(answer), new Set(batch.map(({ id }) => id)));
    if (read === null) return "not-an-answer";
    const of = <T>(found: ReadonlyMap<string, T>) =>
      new Map(batch.flatMap(({ id, seq }) => (found.has(id) ? [[seq, found.get(id) as T] as const] : [])));
    // Halfway between question and answer: a slow network is not a wrong clock.
    const difference = read.now - Math.round((asked + network.now()) / 2);
    await ledger.answer(of(read.answers), { now: read.now, difference });
    for (const [seq, code] of of(read.unread)) await ledger.bury(seq, code);
    if (__ANNOUNCE__) await announce("stored");
    return "done";
  }
  const problem = readProblem(answer);
  if (problem === null) return "not-an-answer";
  if (answer.status === 401) {
    await ledger.revoked();
    return "revoked";
  }
  if (answer.status !== 400 && answer.status !== 413 && answer.status !== 422) return "not-an-answer";
  return divide(network, { ledger, token, batch, problem });
}

// One bad record never blocks the rest: halves, until it stands alone.
async function divide(
  network: Network,
  { ledger, token, batch, problem }: { ledger: Ledger; token: string; batch: readonly Entry[]; problem: string },
): Promise<End> {
  const [only, second] = batch;
  if (!only) return "done";
  if (!second) {
    await ledger.bury(only.seq, problem);
    return "done";
  }
  const middle = batch.length >> 1;
  const end = await send(network, { ledger, token, batch: batch.slice(0, middle) });
  return end === "done" ? send(network, { ledger, token, batch: batch.slice(middle) }) : end;
}

async function fetchDocuments(network: Network, ledger: Ledger, before: Trusted): Promise<Synced> {
  let after: Synced = { ...before, end: "done", documentRefused: null };
  for (const [kind, path] of documentPaths(before.identity)) {
    const offered = await fetchDocument(network, { kind, path, trusted: after, ledger });
    if (typeof offered === "string") return { ...after, end: offered };
    if (offered === null) continue;
    try {
      after = { ...after, ...(await accept(ledger, after, kind, offered)) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // Forged, older or another's: the one held stays, and the screen says that one was refused.
      after = { ...after, documentRefused: error.code };
    }
  }
  const grace = after.trust?.keys.list?.grace;
  if (after.floor !== before.floor && grace !== undefined) await ledger.purge(after.floor, grace);
  return after;
}

function documentPaths(identity: Identity): readonly (readonly [Kind, string])[] {
  const lists = [["keys", "v1/keys"] as const, ["revocations", "v1/revocations"] as const];
  if (identity.kind === "keys-pinned") return [];
  if (identity.kind === "root-pinned") return lists;
  return [...lists, ["manifest", `v1/manifests/${encodeURIComponent(identity.route)}`]];
}

/** What each kind may have, and a byte to see that it has more. */
const MAX_DOCUMENT: Record<Kind, number> = { keys: 65_537, revocations: 16_777_217, manifest: 262_145 };

/** @returns null: nothing new */
async function fetchDocument(
  network: Network,
  { kind, path, trusted, ledger }: { kind: Kind; path: string; trusted: Trusted; ledger: Ledger },
): Promise<Offered | End | null> {
  const { identity, trust } = trusted;
  // Only of a document that still holds: of one that its key took along, "not modified" would be no help.
  const etag = trust?.current.get(kind)?.etag ?? null;
  const asked = network.now();
  const answer = await ask(network, path, {
    ...(kind === "manifest" && identity.kind === "enrolled" ? { token: identity.deviceToken } : {}),
    etag,
    max: MAX_DOCUMENT[kind],
  });
  if (answer === null) return "no-connection";
  const { status, type, headers, body } = answer;
  const isDocument = status === 200 && type === "application/cose";
  if (isDocument || (status === 304 && etag !== null)) {
    // A courier uploads nothing, so his clock is healed by the time that stands on his documents.
    const now = identity.kind === "root-pinned" ? Math.floor(Date.parse(headers.get("date") ?? "") / 1000) : Number.NaN;
    if (now > 0) await ledger.answer(new Map(), { now, difference: now - asked });
    return isDocument ? { document: body, etag: headers.get("etag") } : null;
  }
  if (readProblem(answer) === null) return "not-an-answer";
  if (status !== 401) return null; // no manifest yet, say
  await ledger.revoked();
  return "revoked";
}

/** Exchanges the token of an enrolment link, which works once. */
export async function enrol(
  network: Network,
  token: string,
): Promise<Enrolment | "enrolment-over" | "no-connection" | "not-an-answer"> {
  const answer = await ask(network, "v1/enrolments", { body: { token }, max: 65_536 });
  if (answer === null) return "no-connection";
  if (answer.status === 200 || answer.status === 201) return readEnrolment(parse(answer)) ?? "not-an-answer";
  // 410, and whatever else an issuer says to a token that he does not know.
  return readProblem(answer) !== null && answer.status < 500 && answer.status !== 429
    ? "enrolment-over"
    : "not-an-answer";
}

/** Bytes of a published key set, from the origin that this app came from: the browser lets it ask no other. */
export async function fetchPublished(
  network: Network,
  url: string,
): Promise<Uint8Array | "no-connection" | "not-an-answer"> {
  const answer = await ask(network, url, { max: MAX_DOCUMENT.keys });
  if (answer === null) return "no-connection";
  return answer.status === 200 && answer.type !== "text/html" ? answer.body : "not-an-answer";
}

interface Answered {
  readonly status: number;
  /** Of the content, without parameters. */
  readonly type: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** @returns null: no connection, or one that broke */
async function ask(
  { fetch, base }: Network,
  path: string,
  { token, etag, body, max }: { token?: string; etag?: string | null; body?: unknown; max: number },
): Promise<Answered | null> {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(typeof etag === "string" ? { "if-none-match": etag } : {}),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  try {
    const response = await fetch(new URL(path, base), {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      headers,
      // A portal answers by sending the browser elsewhere; a cache would answer for the issuer.
      redirect: "error",
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const type = (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    return { status: response.status, type, headers: response.headers, body: await readCapped(response, max) };
  } catch {
    return null;
  }
}

async function readCapped(response: Response, max: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // Not `for await`: Safari's streams have no iterator.
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    parts.push(read.value);
    length += read.value.length;
    if (length > max) throw new RangeError("longer than it may be");
  }
  return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

function parse({ type, body }: Answered): unknown {
  if (type !== "application/json" && type !== "application/problem+json") return null;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return null;
  }
}

// Only the issuer's own problems count: a portal's 401 page must not end a device, nor a proxy's 400 bury a record.
function readProblem(answer: Answered): string | null {
  if (answer.type !== "application/problem+json") return null;
  const value = parse(answer);
  const code = typeof value === "object" && value !== null && "code" in value ? value.code : null;
  return typeof code === "string" ? code : null;
}

import { Refusal, type RefusalCode } from "@doorproof/voucher";
import type { Ledger } from "../ledger/ledger.ts";
import { accept, type Offered, type Trusted } from "../trust/accept.ts";
import type { Identity, Kind } from "../trust/documents.ts";
import { ask, type End, type Network, readProblem } from "./network.ts";

/** What this device trusts afterwards, and how it ended. */
export interface Fetched extends Trusted {
  readonly end: End;
  /** Why an offered document was not taken. */
  readonly documentRefused: RefusalCode | null;
}

/**
 * Fetches the documents. Each is judged and stored before the next is fetched, the keys first, because they say who may
 * sign the others.
 */
export async function fetchDocuments(network: Network, ledger: Ledger, before: Trusted): Promise<Fetched> {
  let after: Fetched = { ...before, end: "done", documentRefused: null };
  for (const [kind, path] of documentPaths(before.identity)) {
    const offered = await fetchDocument(network, { kind, path, trusted: after, ledger });
    if (typeof offered === "string") return { ...after, end: offered };
    if (offered === null) continue;
    try {
      after = { ...after, ...(await accept(ledger, after, kind, offered)) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // Forged, older or of another issuer: the one held stays, and the screen says that one was refused.
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

/** The most bytes of each kind, and one more, to see that a document is longer. */
export const MAX_DOCUMENT: Readonly<Record<Kind, number>> = {
  keys: 65_537,
  revocations: 16_777_217,
  manifest: 262_145,
};

/** @returns null: nothing new */
async function fetchDocument(
  network: Network,
  { kind, path, trusted, ledger }: { kind: Kind; path: string; trusted: Trusted; ledger: Ledger },
): Promise<Offered | End | null> {
  const { identity, trust } = trusted;
  // Only of a document that still holds: with one whose key was dropped, "not modified" would not help.
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
    // A courier uploads nothing, so the clock is corrected by the Date header of the documents.
    const now = identity.kind === "root-pinned" ? Math.floor(Date.parse(headers.get("date") ?? "") / 1000) : Number.NaN;
    if (now > 0) await ledger.answer(new Map(), { now, difference: now - asked });
    return isDocument ? { document: body, etag: headers.get("etag") } : null;
  }
  if (readProblem(answer) === null) return "not-an-answer";
  if (status !== 401) return null; // for example no manifest yet
  await ledger.revoked();
  return "revoked";
}

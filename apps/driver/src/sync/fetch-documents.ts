import { Refusal, type RefusalCode } from "@doorproof/voucher";
import type { Ledger } from "../ledger/ledger.ts";
import { accept, type Offered, type Trusted } from "../trust/accept.ts";
import { purgeTime } from "../trust/clock.ts";
import type { Identity, Kind } from "../trust/documents.ts";
import { healFloor } from "../trust/heal-floor.ts";
import type { StatedTime } from "../trust/stated-time.ts";
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
 * @param difference issuer's clock minus this device's, from the upload's answer; null: the documents' own answers say it
 */
export async function fetchDocuments(
  network: Network,
  { ledger, before, difference }: { ledger: Ledger; before: Trusted; difference: number | null },
): Promise<Fetched> {
  let after: Fetched = { ...before, end: "done", documentRefused: null };
  let time: StatedTime | null = null;
  for (const [kind, path] of documentPaths(before.identity)) {
    const answer = await fetchDocument(network, { kind, path, trusted: after, ledger, difference });
    if (typeof answer === "string") {
      after = { ...after, end: answer };
      break;
    }
    const { offered } = answer;
    time = answer.time ?? time;
    if (offered === null) continue;
    try {
      after = { ...after, ...(await accept(ledger, after, kind, offered)) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // Forged, older or of another issuer: the one held stays, and the screen says that one was refused.
      after = { ...after, documentRefused: error.code };
    }
  }
  if (time) after = { ...after, ...(await healFloor(ledger, after, time)) };
  const grace = after.trust?.keys.list?.grace;
  if (after.floor !== before.floor && grace !== undefined)
    await ledger.purge(purgeTime(after.floor, network.now()), grace);
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

interface Answer {
  /** Null: nothing new. */
  readonly offered: Offered | null;
  /** Null: the answer is none of the issuer's, or states no time. */
  readonly time: StatedTime | null;
}

async function fetchDocument(
  network: Network,
  {
    kind,
    path,
    trusted,
    ledger,
    difference,
  }: { kind: Kind; path: string; trusted: Trusted; ledger: Ledger; difference: number | null },
): Promise<Answer | End> {
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
    const dated = Math.floor(Date.parse(headers.get("date") ?? "") / 1000);
    const now = dated > 0 ? dated : null;
    // A courier uploads nothing, so the clock is corrected by the Date header of the documents.
    if (identity.kind === "root-pinned" && now !== null) {
      await ledger.answer(new Map(), { now, difference: now - asked });
    }
    const issuer = difference === null ? now : asked + difference;
    const time = issuer === null ? null : { issuer, device: asked };
    return { time, offered: isDocument ? { document: body, etag: headers.get("etag"), time } : null };
  }
  if (readProblem(answer) === null) return "not-an-answer";
  if (status !== 401) return { time: null, offered: null }; // for example no manifest yet
  await ledger.revoked();
  return "revoked";
}

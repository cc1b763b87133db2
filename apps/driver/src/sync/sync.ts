import type { Ledger } from "../ledger/ledger.ts";
import type { Trusted } from "../trust/accept.ts";
import { type Fetched, fetchDocuments } from "./fetch-documents.ts";
import type { Network } from "./network.ts";
import { upload } from "./upload.ts";

export interface Synced extends Fetched {
  /** Seconds after which the issuer takes what it did not take now; null: it asks for no wait. */
  readonly retryIn: number | null;
}

/**
 * One sync: uploads entries, stores answers, fetches documents. It does not ask whether the browser thinks that it is
 * online: it tries, and tells how that ended.
 * @param dead offers again what the issuer could not read: at a start and by hand
 */
export async function sync(
  network: Network,
  { ledger, before, dead }: { ledger: Ledger; before: Trusted; dead: boolean },
): Promise<Synced> {
  const { end: uploaded, difference, retryIn } = await upload(network, { ledger, identity: before.identity, dead });
  if (uploaded === "no-connection" || uploaded === "not-an-answer")
    return { ...before, end: uploaded, documentRefused: null, retryIn };
  // The lists are public: a device that may upload nothing, now or ever again, still learns what was withdrawn.
  const after = await fetchDocuments(network, { ledger, before, difference });
  return { ...after, end: uploaded === "done" ? after.end : uploaded, retryIn };
}

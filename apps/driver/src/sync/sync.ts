import type { Ledger } from "../ledger/ledger.ts";
import type { Trusted } from "../trust/accept.ts";
import { type Fetched, fetchDocuments } from "./fetch-documents.ts";
import type { Network } from "./network.ts";
import { upload } from "./upload.ts";

/**
 * One sync: uploads entries, stores answers, fetches documents. It does not ask whether the browser thinks that it is
 * online: it tries, and tells how that ended.
 * @param dead offers again what the issuer could not read: at a start and by hand
 */
export async function sync(
  network: Network,
  { ledger, before, dead }: { ledger: Ledger; before: Trusted; dead: boolean },
): Promise<Fetched> {
  const { end: uploaded, difference } = await upload(network, { ledger, identity: before.identity, dead });
  if (uploaded !== "done" && uploaded !== "shut-out") return { ...before, end: uploaded, documentRefused: null };
  const after = await fetchDocuments(network, { ledger, before, difference });
  // The lists are public: a device that is shut out still learns what was withdrawn.
  return uploaded === "shut-out" ? { ...after, end: "shut-out" } : after;
}

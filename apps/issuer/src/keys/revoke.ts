import { NEXT } from "../domain/vouchers/index.ts";
import { privateFolder, readPublished, withdrawnKids } from "./folder.ts";
import { bareSets, ctisOf, revocationFile } from "./publish.ts";
import { exclusively, type Processes, replaceFiles } from "./replace.ts";

export interface Withdrawal {
  readonly kid: string;
  /** It was withdrawn before, and nothing was written. */
  readonly already: boolean;
  /** Of the revocation list. */
  readonly version: number;
  readonly exposure: Exposure;
}

/**
 * For how long after its last list a device that fetches nothing accepts the key's forgeries: `next` plus `grace`,
 * seconds.
 */
export interface Exposure {
  readonly next: number;
  readonly grace: number;
  /** When the last device stops; null if the key was withdrawn earlier. */
  readonly until: number | null;
}

/**
 * Withdraws a voucher key: its kid goes on the revocation list and out of the bare sets. From then on no issuer signs
 * with it, a running one included.
 *
 * @param kid 8 hex digits
 * @param ctis of withdrawn vouchers, as the database stands; left out: those of the list before
 * @throws {Error} no such key; a document key, which a list that it could sign itself cannot withdraw
 */
export async function revokeKey(
  folder: string,
  kid: string,
  { processes, now, ctis }: { processes: Processes; now: number; ctis?: readonly string[] | undefined },
): Promise<Withdrawal> {
  return exclusively(privateFolder(folder), processes, async () => {
    const published = readPublished(folder);
    const { keys, list, revocations } = published;
    const key = keys.keys.get(kid);
    if (!key) throw new Error(`${kid}: the key list names no such key`);
    if (key.use === "documents")
      throw new Error(
        `${kid} signs documents, also the list that would withdraw it: doorproof keys compromised ${kid}`,
      );
    const exposure = { next: NEXT, grace: list.grace };
    const kids = withdrawnKids(revocations);
    const already = kids.has(kid);
    // The bare sets are written even if the key was withdrawn before: that run may have been killed before it wrote
    // them.
    const all = new Set([...kids, kid]);
    if (already) {
      replaceFiles(folder, bareSets(list, { kids: all, now }));
      return { kid, already, version: revocations.version, exposure: { ...exposure, until: null } };
    }
    const fresh = await revocationFile(folder, published, { kids: all, ctis: ctis ?? ctisOf(published), now });
    replaceFiles(folder, { ...fresh.files, ...bareSets(list, { kids: all, now }) });
    return { kid, already, version: fresh.version, exposure: { ...exposure, until: now + NEXT + list.grace } };
  });
}

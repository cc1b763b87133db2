import { Refusal, type RefusalCode } from "@doorproof/voucher";
import type { Identity, Kind } from "../src/documents.ts";
import { accept, type Trusted } from "../src/sync.ts";
import { ISSUER, keyList, manifest, ROUTE, revocations, rootPin } from "./world.ts";

// A device to which documents are offered, without a browser: what it trusts before and after.

export const identity: Extract<Identity, { kind: "enrolled" }> = {
  kind: "enrolled",
  issuer: ISSUER,
  roots: [rootPin],
  route: ROUTE,
  country: "44",
  deviceToken: "t",
};
/** A device that was enrolled just now. */
export const fresh: Trusted = { identity, documents: [], trust: null, floor: 0 };

/** Offers documents one after the other, as a sync does; what is refused changes nothing. */
export async function offer(
  before: Trusted,
  ...offered: readonly (readonly [Kind, Uint8Array])[]
): Promise<Trusted & { refused: RefusalCode[] }> {
  let after = before;
  const refused: RefusalCode[] = [];
  for (const [kind, document] of offered) {
    try {
      after = await accept({ accept: async () => {} }, after, kind, { document, etag: null });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push(error.code);
    }
  }
  return { ...after, refused };
}

/** One that has fetched its documents once: manifest and revocation list in version 5. */
export const base = async () =>
  offer(
    fresh,
    ["keys", await keyList()],
    ["revocations", await revocations({ version: 5 })],
    ["manifest", await manifest({ version: 5 })],
  );
/** Of the revocation list and the manifest that hold. */
export const version = ({ trust }: Trusted) => [trust?.revocations?.version, trust?.manifest?.version];

import { raiseFloor } from "./clock.ts";
import { type HeldDocument, type Identity, judgeDocument, type Kind, readTrust, type Trust } from "./documents.ts";
import type { StatedTime } from "./stated-time.ts";

/** What this device trusts, before and after a document was offered. */
export interface Trusted {
  readonly identity: Identity;
  readonly documents: readonly HeldDocument[];
  readonly trust: Trust | null;
  /** The signed floor, seconds since 1970. */
  readonly floor: number;
}

/** A document as a server or a file offered it. */
export interface Offered {
  readonly document: Uint8Array;
  readonly etag: string | null;
  /** Null: it came in a file. */
  readonly time: StatedTime | null;
}

/** Where accepted documents are kept. */
export interface DocumentStore {
  /**
   * Stores document, floor and pinned roots in one transaction: a list without its roots could not be verified at the
   * next start.
   */
  accept(row: Omit<HeldDocument, "order">, change: { floor: number; roots: readonly string[] | null }): Promise<void>;
  lowerFloor(floor: number): Promise<void>;
}

/**
 * Takes an offered document, if it holds. It is stored before this resolves.
 * @throws {Refusal} any code of documents
 */
export async function accept(
  store: DocumentStore,
  before: Trusted,
  kind: Kind,
  { document, etag, time }: Offered,
): Promise<Trusted> {
  const judged = judgeDocument(kind, document, { ...before, held: before.documents, time });
  if (!judged) return before;
  const order = 1 + Math.max(0, ...before.documents.map((row) => row.order));
  const row = { ...judged.row, etag, order };
  const others = before.documents.filter((held) => held.kind !== row.kind || held.kid !== row.kid);
  const documents = [...others, row];
  const { roots } = judged;
  const identity = roots && before.identity.kind !== "keys-pinned" ? { ...before.identity, roots } : before.identity;
  const trust = readTrust(identity, documents);
  const floor = trust ? raiseFloor(before.floor, trust, { byKeyList: kind === "keys" }) : before.floor;
  await store.accept(row, { floor, roots });
  return { identity, documents, trust, floor };
}

import {
  type HeldBy,
  type KeySet,
  openEarlierManifest,
  openKeyList,
  openManifest,
  openRevocations,
  type Reception,
  readCoseKeys,
  readJwksFile,
  readJwksKeys,
} from "@doorproof/verifier";
import { type Manifest, Refusal, type RevocationList } from "@doorproof/voucher";
import { equalBytes, readSign1, toHex } from "@doorproof/voucher/codec";
import { hexToBytes } from "@noble/hashes/utils.js";
import { isAhead, type StatedTime } from "./stated-time.ts";

// What a device trusts: its pinned keys, and the signed documents that those verify.

/** Whose vouchers this device checks. Roots are hex of 32 bytes. */
export type Identity =
  | {
      readonly kind: "enrolled";
      readonly issuer: string;
      readonly roots: readonly string[];
      readonly route: string;
      /** Calling code without "+". */
      readonly country: string;
      readonly deviceToken: string;
    }
  /** Third-party mode, by the issuer's root: keys and revocations live. */
  | { readonly kind: "root-pinned"; readonly issuer: string; readonly roots: readonly string[] }
  /** Third-party mode, by a bare key set from a place that the courier trusts. */
  | {
      readonly kind: "keys-pinned";
      readonly issuer: string;
      readonly format: "jwks" | "cose";
      readonly bytes: Uint8Array;
    };

export const KINDS = ["keys", "revocations", "manifest"] as const;
export type Kind = (typeof KINDS)[number];

/**
 * An accepted document. The last one of each key that ever signed one is kept (docs/format.md section 5). `order`
 * counts acceptances.
 */
export interface HeldDocument {
  readonly kind: Kind;
  /** Of the key that signed it, 8 hex digits. */
  readonly kid: string;
  readonly version: number;
  readonly document: Uint8Array;
  readonly etag: string | null;
  readonly order: number;
}

export interface Trust {
  readonly keys: KeySet;
  readonly revocations: RevocationList | null;
  readonly manifest: Manifest | null;
  /** The rows that the three came from: whose ETag may be sent. */
  readonly current: ReadonlyMap<Kind, HeldDocument>;
}

/**
 * What is trusted now of all accepted documents: of each kind the last one that a trusted key signed. Documents of a
 * key that the list dropped no longer count, however high their versions, nor do lists of a root that another one
 * followed.
 *
 * @returns null: no keys, so nothing can be checked
 */
export function readTrust(identity: Identity, held: readonly HeldDocument[]): Trust | null {
  const current = new Map<Kind, HeldDocument>();
  const keys =
    identity.kind === "keys-pinned"
      ? // A file may be stored that an older app took, and whose text no reader takes any more.
        holds(() => readPinnedKeys(identity))
      : lastOf("keys", (document) => openKeyList(document, { ...pins(identity), held: forgetful }));
  if (keys === null) return null;
  const revocations = lastOf("revocations", (document) => openRevocations(document, { keys, held: forgetful }));
  const manifest = lastOf("manifest", (document) =>
    openHeldManifest(document, { keys, route: routeOf(identity, document, keys), held: forgetful }),
  );
  return { keys, revocations, manifest, current };

  function lastOf<T>(kind: Kind, read: (document: Uint8Array) => T): T | null {
    for (const row of held.filter((row) => row.kind === kind).sort((a, b) => b.order - a.order)) {
      const value = holds(() => read(row.document));
      if (value === null) continue;
      current.set(kind, row);
      return value;
    }
    return null;
  }
}

/** What is to be stored of a document that was accepted. */
export interface Accepted {
  readonly row: Omit<HeldDocument, "order" | "etag">;
  /** To be pinned in place of the present ones; null: no change. Stored together with the document. */
  readonly roots: readonly string[] | null;
}

/**
 * Judges an offered document by the trusted keys and the versions held.
 * @returns null: the same bytes were accepted before, and change nothing. Else an old document of one key could
 * displace a newer one of another key
 * @throws {Refusal} any code of documents
 */
export function judgeDocument(
  kind: Kind,
  document: Uint8Array,
  {
    identity,
    trust,
    held,
    time,
  }: { identity: Identity; trust: Trust | null; held: readonly HeldDocument[]; time: StatedTime | null },
): Accepted | null {
  const kid = toHex(readSign1(kind, document).kid);
  const before = held.find((row) => row.kind === kind && row.kid === kid);
  const current = kind === "keys" ? null : trust?.[kind];
  // Unless another key's is held that was signed ahead: then it takes that one's place again.
  const isDisplaced = current && time && isAhead(current.issuedAt, time);
  if (before && equalBytes(before.document, document) && !isDisplaced) return null;
  const issuerTime = time?.issuer;
  const reception = { held: (key: string) => (before && key === kid ? before : null), issuerTime };
  if (kind === "keys") {
    if (identity.kind === "keys-pinned") throw new Refusal("unknown-key", { kid });
    const { list, roots } = openKeyList(document, { ...pins(identity), ...reception });
    return { row: { kind, kid, version: list.version, document }, roots: roots.map(toHex) };
  }
  if (trust === null) throw new Refusal("unknown-key", { kid });
  const { keys } = trust;
  const open = (bytes: Uint8Array, as: Reception, openRoute = openManifest) =>
    kind === "revocations"
      ? openRevocations(bytes, { keys, ...as })
      : openRoute(bytes, { keys, route: routeOf(identity, bytes, keys), ...as });
  const openBefore = (bytes: Uint8Array) => open(bytes, { held: forgetful }, openHeldManifest);
  const row = ({ version }: { version: number }): Accepted => ({ row: { kind, kid, version, document }, roots: null });
  try {
    return row(open(document, reception));
  } catch (error) {
    // One that was signed ahead had the highest version: an issuer whose clock is right again may not know it any more.
    const ahead = before && time && holds(() => isAhead(openBefore(before.document).issuedAt, time));
    if (!ahead || !Refusal.is(error, "older-document")) throw error;
    return row(open(document, { held: forgetful, issuerTime }));
  }
}

/** Told by fixed bytes, with nothing decoded or verified. @returns null: no document of ours */
export function kindOf(document: Uint8Array): Kind | null {
  return KINDS.find((kind) => holds(() => readSign1(kind, document)) !== null) ?? null;
}

/**
 * The keys of a bare set.
 * @throws {Refusal} `malformed`, step `keys`
 */
export function readPinnedKeys({
  issuer,
  format,
  bytes,
}: Pick<Extract<Identity, { kind: "keys-pinned" }>, "issuer" | "format" | "bytes">): KeySet {
  return format === "cose" ? readCoseKeys(bytes, { issuer }) : readJwksKeys(readJwksFile(bytes).jwks, { issuer });
}

/** What this device accepted before: also one of the days when stops had fewer items. */
function openHeldManifest(document: Uint8Array, given: Parameters<typeof openManifest>[1]): Manifest {
  try {
    return openManifest(document, given);
  } catch (error) {
    if (!Refusal.is(error, "malformed") || error.facts.step !== "payload") throw error;
    return openEarlierManifest(document, given);
  }
}

/** For documents that were accepted before and are read again: their versions were judged then. */
const forgetful: HeldBy = () => null;

function pins({ issuer, roots }: { issuer: string; roots: readonly string[] }) {
  return { issuer, roots: roots.map((root) => hexToBytes(root)) };
}

// A courier does not know the route's name beforehand. It is taken from the refusal, which comes after the signature
// check, and not from unverified bytes.
function routeOf(identity: Identity, document: Uint8Array, keys: KeySet): string {
  if (identity.kind === "enrolled") return identity.route;
  try {
    openHeldManifest(document, { keys, route: "", held: forgetful });
  } catch (error) {
    if (Refusal.is(error, "foreign-document")) return error.facts.found;
    throw error;
  }
  throw new TypeError("no route has an empty name");
}

/** @returns null where it is refused */
export function holds<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

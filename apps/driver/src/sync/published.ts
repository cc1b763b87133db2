import { ascii, equalBytes } from "@doorproof/voucher/codec";
import type { Ledger } from "../ledger/ledger.ts";
import { accept, type Trusted } from "../trust/accept.ts";
import { purgeTime } from "../trust/clock.ts";
import { holds, type Identity, judgeDocument, type Kind, readTrust } from "../trust/documents.ts";

// A verifier page is this app as one file, with an issuer's keys inside (`doorproof publish-verifier` puts them there).
// It has no server: it knows what it was published with, and what is loaded from files.

/** What was put into the page; bytes are base64. */
export interface PublishedPage {
  readonly issuer: string;
  readonly keys:
    | { readonly kind: "list"; readonly document: string; readonly roots: readonly string[] }
    | { readonly kind: "jwks" | "cose"; readonly bytes: string };
  /** The signed revocation list. */
  readonly revocations: string | null;
}

/** @throws {TypeError} the page was built and not published: it has no keys */
export function readPublished(text: string | null | undefined): PublishedPage {
  if (!text) throw new TypeError("no keys stand in this page: doorproof publish-verifier puts them there");
  return JSON.parse(text) as PublishedPage;
}

/**
 * Stores what a page was published with, before the day starts. An older page that is opened again changes nothing
 * back, neither a list nor the local mark.
 */
export async function adopt(ledger: Ledger, published: PublishedPage, now: number): Promise<void> {
  const page = identityOf(published);
  const offered = offers(published);
  const { device, documents } = await ledger.read();
  const known = device.identity !== null && isSame(device.identity, page) ? device.identity : null;
  // The same page as last time: nothing is judged here, since importing a year of keys takes a phone a moment and the
  // day does it anyway.
  const isHeld = (document: Uint8Array) => documents.some((row) => equalBytes(row.document, document));
  if (known && offered.every(([, document]) => isHeld(document))) return;
  const identity = known ?? page;
  const held = known ? documents : [];
  const before = { identity, documents: held, trust: readTrust(identity, held), floor: device.floor };
  if (known && !offered.some(([kind, document]) => isNewer(kind, document, before))) return;
  // A person has just opened a newer file and so decided whom to trust. That ends a local mark that a wrong clock may
  // have left.
  await ledger.identify(before.identity, null);
  let after: Trusted = before;
  for (const [kind, document] of offered) {
    if (isNewer(kind, document, after)) after = await accept(ledger, after, kind, { document, etag: null, time: null });
  }
  const grace = after.trust?.keys.list?.grace;
  if (grace !== undefined) await ledger.purge(purgeTime(after.floor, now), grace);
}

function identityOf({ issuer, keys }: PublishedPage): Exclude<Identity, { kind: "enrolled" }> {
  return keys.kind === "list"
    ? { kind: "root-pinned", issuer, roots: keys.roots }
    : { kind: "keys-pinned", issuer, format: keys.kind, bytes: fromBase64(keys.bytes) };
}

// By now the device may have pinned other roots than its first page, which lists have named.
function isSame(device: Identity, page: ReturnType<typeof identityOf>): boolean {
  if (device.issuer !== page.issuer) return false;
  if (page.kind === "keys-pinned") return device.kind === page.kind && equalBytes(device.bytes, page.bytes);
  return device.kind === page.kind && page.roots.some((root) => device.roots.includes(root));
}

// Keys first: they say who may sign a revocation list.
function offers({ keys, revocations }: PublishedPage): readonly (readonly [Kind, Uint8Array])[] {
  return [
    ...(keys.kind === "list" ? [["keys", fromBase64(keys.document)] as const] : []),
    ...(revocations === null ? [] : [["revocations", fromBase64(revocations)] as const]),
  ];
}

function isNewer(kind: Kind, document: Uint8Array, trusted: Trusted): boolean {
  return holds(() => judgeDocument(kind, document, { ...trusted, held: trusted.documents, time: null })) !== null;
}

function fromBase64(text: string): Uint8Array {
  return ascii(atob(text));
}

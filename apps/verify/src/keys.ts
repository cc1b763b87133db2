import { dirname, extname, join } from "node:path";
import {
  type KeySet,
  openKeyList,
  openRevocations,
  readCoseKeys,
  readJwksFile,
  readJwksKeys,
  type TrustedKey,
} from "@doorproof/verifier";
import { explainRefusal, type KeyUse, Refusal, type RevocationList } from "@doorproof/voucher";
import { keyId, NAME, readPem, toHex } from "@doorproof/voucher/codec";
import { EXIT, exitOfRefusal, Failure } from "./exit.ts";
import { isUrl, readFileBytes, readSource } from "./sources.ts";

/** What a reader pins beside a signed key list; both lie beside it by default. */
export interface Pins {
  /** PEM file of the root's public key; of two while one root follows another. */
  readonly root?: string;
  readonly issuer?: string;
}

/** The command line remembers nothing between two runs, so it cannot tell an older document from the newest. */
const NOTHING_HELD = () => null;

const MAX_KEYS_LENGTH = 64 * 1024;
const MAX_REVOCATIONS_LENGTH = 16 * 1024 * 1024;
const NO_KEYS = "--keys names another file or URL; doorproof keys init makes keys";

/**
 * One issuer's keys as they were published, and what is pinned: plain data, for another thread or a page to open. They
 * were opened once when they were fetched, so that they are known to be usable.
 */
export type PublishedKeys =
  | { readonly kind: "jwks" | "cose"; readonly issuer: string; readonly bytes: Uint8Array }
  | {
      readonly kind: "list";
      readonly issuer: string;
      readonly bytes: Uint8Array;
      /** 32 bytes each. */
      readonly roots: readonly Uint8Array[];
    };

/**
 * One issuer's keys, by the name's ending: `.cose` is a root-signed key list, `.cbor` a COSE_KeySet, all else a JWKS.
 *
 * @param source file or URL
 * @throws {Failure} `inputOutput`: not there; `undecided`: there, and of no use
 */
export async function readKeys(source: string, pins: Pins = {}): Promise<KeySet> {
  return (await fetchKeys(source, pins)).keys;
}

/** The same, with what they were read from. */
export async function fetchKeys(source: string, pins: Pins = {}): Promise<{ published: PublishedKeys; keys: KeySet }> {
  const bytes = await readSource(source, { cap: MAX_KEYS_LENGTH, hint: NO_KEYS });
  const published = await identify(source, bytes, pins);
  return { published, keys: readChecked(source, () => explainRoot(source, pins, published)) };
}

/** @throws {Refusal} as the verifier's readers of keys */
export function openKeys(published: PublishedKeys): KeySet {
  const { kind, issuer, bytes } = published;
  if (kind === "list") return openKeyList(bytes, { issuer, roots: published.roots, held: NOTHING_HELD });
  return kind === "cose" ? readCoseKeys(bytes, { issuer }) : readJwksKeys(readJwksFile(bytes).jwks, { issuer });
}

/**
 * @throws {Failure} as {@link readKeys}; `usage` without a signed key list, whose document keys alone may sign the list
 */
export async function readRevocationList(source: string, { keys }: { keys: KeySet }): Promise<RevocationList> {
  return (await fetchRevocations(source, { keys })).revocations;
}

/** The same, with the document. */
export async function fetchRevocations(
  source: string,
  { keys }: { keys: KeySet },
): Promise<{ document: Uint8Array; revocations: RevocationList }> {
  if (!keys.list) {
    throw new Failure(
      "usage",
      "a revocation list can only be checked with a signed key list",
      "add --keys keys/keys.cose",
    );
  }
  const document = await readSource(source, { cap: MAX_REVOCATIONS_LENGTH });
  return { document, revocations: readChecked(source, () => openRevocationList(document, { keys })) };
}

/** @throws {Refusal} any code of documents */
export function openRevocationList(document: Uint8Array, { keys }: { keys: KeySet }): RevocationList {
  return openRevocations(document, { keys, held: NOTHING_HELD });
}

/** The keys of this use whose window covers now and a voucher's expiry, the newest first. */
export function keysFor(use: KeyUse, { keys, now, until }: { keys: KeySet; now: number; until: number }): TrustedKey[] {
  const fitting = [...keys.keys.values()].filter(
    (key) => key.use === use && key.from <= now && now < key.to && until <= key.to,
  );
  return fitting.sort((a, b) => b.from - a.from);
}

async function identify(source: string, bytes: Uint8Array, pins: Pins): Promise<PublishedKeys> {
  const place = isUrl(source) ? new URL(source) : null;
  const ending = extname(place?.pathname ?? source);
  if (ending === ".cose") return { kind: "list", bytes, ...(await readPins(source, pins)) };
  const given = pins.issuer ?? place?.hostname ?? null;
  if (ending === ".cbor") return { kind: "cose", bytes, issuer: checkIssuer(source, given) };
  const named = readOwnName(source, bytes);
  if (pins.issuer !== undefined && named !== null && named !== pins.issuer) {
    throw new Failure("undecided", `${source}: keys of ${named}, not of ${pins.issuer}`);
  }
  return { kind: "jwks", bytes, issuer: checkIssuer(source, named ?? given) };
}

async function readPins(source: string, pins: Pins): Promise<{ issuer: string; roots: readonly Uint8Array[] }> {
  if (pins.root === undefined && isUrl(source)) {
    throw new Failure("usage", "a signed key list from a URL needs the root that you trust", "add --root root.pub.pem");
  }
  const roots = await readRoots(rootOf(source, pins));
  const issuer = pins.issuer ?? (isUrl(source) ? new URL(source).hostname : await issuerBeside(source));
  return { issuer, roots };
}

function rootOf(source: string, pins: Pins): string {
  return pins.root ?? join(dirname(source), "root.pub.pem");
}

function explainRoot(source: string, pins: Pins, published: PublishedKeys): KeySet {
  try {
    return openKeys(published);
  } catch (error) {
    if (published.kind !== "list" || !Refusal.is(error, "unknown-key")) throw error;
    // To a courier a new root and a forged list look the same: only asking the shipper tells them apart.
    const pinned = published.roots.map((root) => toHex(keyId(root))).join(" and ");
    throw new Failure(
      "undecided",
      `${source}: unknown-key: signed by the root ${error.facts.kid}, and ${rootOf(source, pins)} holds ${pinned}`,
      "either the issuer has a new root, or the list is not theirs: ask them for the new root.pub.pem, and compare its fingerprint another way before you trust it (docs/couriers.md)",
    );
  }
}

async function readRoots(path: string): Promise<readonly Uint8Array[]> {
  const pem = await readFileBytes(path, {
    cap: MAX_KEYS_LENGTH,
    hint: "--root names the PEM file of the root that you trust",
  });
  try {
    return readPem(Buffer.from(pem).toString("latin1"));
  } catch (error) {
    if (!Refusal.is(error, "malformed")) throw error;
    throw new Failure("undecided", `${path}: not one or a few Ed25519 public keys in PEM, and nothing else`);
  }
}

// The issuer's name in the list itself pins nothing; the one in jwks.json beside it is what the courier has seen.
async function issuerBeside(source: string): Promise<string> {
  const path = join(dirname(source), "jwks.json");
  const hint = "--issuer NAME says whose list it must be";
  const issuer = readOwnName(path, await readFileBytes(path, { cap: MAX_KEYS_LENGTH, hint }));
  if (issuer === null) throw new Failure("undecided", `${path}: names no issuer`, hint);
  return issuer;
}

/** What the issuer of a JWKS calls itself; null: it does not say. */
function readOwnName(source: string, bytes: Uint8Array): string | null {
  try {
    return readJwksFile(bytes).issuer;
  } catch (error) {
    if (!Refusal.is(error, "malformed")) throw error;
    throw new Failure(
      "undecided",
      `${source}: ${error.code}: ${explainRefusal(error)}`,
      "a JWKS is JSON in UTF-8 with no member twice, and its issuer's name is printable ASCII; a .cose or .cbor file is known by its name's ending",
    );
  }
}

// A verdict names the issuer. A file's own name would do for a name, and says nothing: whoever downloads jwks.json would
// trust one "jwks".
function checkIssuer(source: string, name: string | null): string {
  if (name !== null) return checkName(source, name);
  throw new Failure("undecided", `${source}: the issuer is unknown`, "--issuer NAME says whose keys these are");
}

// The name is printed, and control sequences in it could repaint the verdict.
function checkName(source: string, name: unknown): string {
  if (typeof name === "string" && NAME.test(name)) return name;
  throw new Failure("undecided", `${source}: the issuer's name is not 1 to 64 printable ASCII characters`);
}

// With keys that are refused nothing can be decided about any voucher.
function readChecked<T>(source: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const certain = exitOfRefusal(error.code) === EXIT.undecided;
    const hint = certain
      ? undefined
      : "without good keys nothing can be decided: fetch them again from where you trust";
    throw new Failure("undecided", `${source}: ${error.code}: ${explainRefusal(error)}`, hint);
  }
}

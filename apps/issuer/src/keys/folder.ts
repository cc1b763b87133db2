import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isTestKey } from "@doorproof/signer";
import { type HeldBy, type ListedKeySet, openKeyList, openRevocations } from "@doorproof/verifier";
import { explainRefusal, type KeyList, Refusal, type RevocationList } from "@doorproof/voucher";
import { keyId, readPem, toHex } from "@doorproof/voucher/codec";

/** A folder of keys, as `keys init` makes it: published files on top, private ones in `private/`. */
export interface KeyFolder {
  readonly folder: string;
  /** Where root.pem lies; not needed to run, and better elsewhere. */
  readonly rootFolder: string;
}

/** What is published, read as any device reads it. */
export interface Published {
  readonly issuer: string;
  /** The roots that the list was read with, 32 bytes each: root.pub.pem names two while one follows the other. */
  readonly pinned: readonly Uint8Array[];
  readonly keys: ListedKeySet;
  readonly list: KeyList;
  readonly document: Uint8Array;
  readonly revocations: RevocationList;
}

export function privateFolder(folder: string): string {
  return join(folder, "private");
}

/**
 * Reads the list with the roots that lie beside it, and the revocation list with the keys of that. The roots first:
 * root.pub.pem names both before a list changes hands from one to the other, so it fits the list that is read after it,
 * whatever was renamed in between.
 * @param known what a running issuer has pinned and held since it began; then root.pub.pem is not asked
 * @throws {Error} a file is missing, does not hold (its cause is the refusal), is older than the one held, or names a
 * published test key
 */
export function readPublished(
  folder: string,
  known?: { issuer: string; roots: readonly Uint8Array[]; held: HeldBy },
): Published {
  const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
  const readRoots = () => readPem(Buffer.from(read("root.pub.pem")).toString("latin1"));
  const pinned = known?.roots ?? naming(join(folder, "root.pub.pem"), readRoots);
  const issuer = known?.issuer ?? readIssuer(folder);
  const document = read("keys.cose");
  const held = known?.held ?? (() => null);
  const keys = naming(join(folder, "keys.cose"), () => openKeyList(document, { issuer, roots: pinned, held }));
  const { list } = keys;
  refuseTestKeys(folder, [...pinned, ...list.roots, ...list.keys.map(({ publicKey }) => publicKey)]);
  const revocations = naming(join(folder, "revocations.cose"), () =>
    openRevocations(read("revocations.cose"), { keys, held: () => null }),
  );
  return { issuer, pinned, keys, list, document, revocations };
}

/** Names the file in the message; the refusal itself is the error's cause. */
function naming<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const foreign = Refusal.is(error, "foreign-document") ? `: ${error.facts.found}, not ${error.facts.expected}` : "";
    const unknown = Refusal.is(error, "unknown-key") ? `: ${error.facts.kid} signed it` : "";
    throw new Error(`${path}: ${error.code}: ${explainRefusal(error)}${foreign}${unknown}`, { cause: error });
  }
}

/** The kids that a revocation list withdraws, 8 hex digits each. */
export function withdrawnKids({ kids }: RevocationList): ReadonlySet<string> {
  return new Set(toHex(kids).match(/.{8}/g));
}

// Their private halves are in a public repository. Each is named, so that it can be found and removed.
function refuseTestKeys(folder: string, publicKeys: readonly Uint8Array[]): void {
  const found = publicKeys.find(isTestKey);
  if (found) throw new Error(`${folder}: ${toHex(keyId(found))} is a published test key: everybody can sign with it`);
}

function readIssuer(folder: string): string {
  const jwks: unknown = JSON.parse(readFileSync(join(folder, "jwks.json"), "utf8"));
  const issuer = typeof jwks === "object" && jwks !== null && "issuer" in jwks ? jwks.issuer : undefined;
  if (typeof issuer !== "string") throw new Error(`${join(folder, "jwks.json")} names no issuer`);
  return issuer;
}

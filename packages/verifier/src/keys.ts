import { type KeyList, Refusal } from "@doorproof/voucher";
import {
  equalBytes,
  keyId,
  MAX_ROOTS,
  malformed,
  readCoseKeySet,
  readJwks,
  readKeyList,
  toHex,
} from "@doorproof/voucher/codec";
import { importPublicKey } from "#ed25519";
import { openDocument, type Reception, refuseForeign, refuseOutOfTurn } from "./document.ts";
import type { BareKeySet, ListedKeySet, TrustedKey } from "./key-set.ts";

/**
 * Reads an issuer's root-signed key list (docs/format.md section 5).
 *
 * @param document as published, at most 64 KiB
 * @param issuer the pinned name
 * @param roots the pinned root keys, 32 bytes each: at most five, each sound, no kid twice
 * @param reception `held`: what was accepted before from a root, since a version never goes back; `issuerTime`
 * @throws {Refusal} `malformed`, `unknown-key`, `bad-signature`, `foreign-document`, `future-document`,
 * `older-document`; `malformed`, step `keys`, also where the pinned roots are no such set, and before all else
 */
export function openKeyList(
  document: Uint8Array,
  given: { readonly issuer: string; readonly roots: readonly Uint8Array[] } & Reception,
): ListedKeySet {
  const { issuer, roots } = given;
  const pinned = importRoots(roots);
  const { kid, key, payload } = openDocument("keys", document, pinned);
  const list = readKeyList(payload);
  const keys = byKid(list.keys);
  refuseForeign(issuer, list.issuer);
  refuseOutOfTurn(list, document, given.held(kid), given);
  return { issuer, list, keys, root: key.root, roots: followRoots(list, { root: key.root, roots }) };
}

/** The one that signed a list, and those that it named. */
const MAX_PINNED = 1 + MAX_ROOTS;

function importRoots(roots: readonly Uint8Array[]) {
  if (roots.length > MAX_PINNED) malformed("keys");
  const pinned = new Map(roots.map((root) => [toHex(keyId(root)), { root, verify: importPublicKey(root) }]));
  // Two roots of one kid: which of them is asked for a list's signature would depend on the reader.
  if (pinned.size !== roots.length) malformed("keys");
  return pinned;
}

/**
 * Whom to pin once a list was accepted. The root that signed it stays pinned until another one that it named signs a
 * list, which proves that somebody holds that one. So a list that names a root which nobody has, a point that is no key,
 * or another key under the signer's own kid, leaves no device without a root.
 */
function followRoots(
  list: KeyList,
  { root, roots }: { root: Uint8Array; roots: readonly Uint8Array[] },
): readonly Uint8Array[] {
  const isPinned = (one: Uint8Array) => roots.some((pinned) => equalBytes(pinned, one));
  const kids = [root, ...list.roots].map((one) => toHex(keyId(one)));
  const others = list.roots.filter(
    (one, i) => kids.indexOf(kids[i + 1] ?? "") === i + 1 && (isPinned(one) || isSound(one)),
  );
  const isNamed = list.roots.some((one) => equalBytes(one, root));
  return isNamed || others.length > 0 ? [root, ...others] : roots;
}

function isSound(publicKey: Uint8Array): boolean {
  try {
    importPublicKey(publicKey);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/**
 * A bare key set from JWKS, taken from a place that the reader trusts. Results carry the note `keys-unsigned`.
 * @param value parsed JSON
 * @param issuer whose keys these are: the reader says so, since the file cannot prove it
 * @throws {Refusal} `malformed`, step `keys`: one key is private, unsound, listed twice or under another's kid; the
 * whole set is then refused
 */
export function readJwksKeys(value: unknown, { issuer }: { issuer: string }): BareKeySet {
  return bareSet(readJwks(value), issuer);
}

/**
 * The same from a COSE_KeySet (RFC 9052 section 7), at most 64 KiB.
 * @throws {Refusal} `malformed`, step `keys`
 */
export function readCoseKeys(bytes: Uint8Array, { issuer }: { issuer: string }): BareKeySet {
  return bareSet(readCoseKeySet(bytes), issuer);
}

function bareSet(publicKeys: readonly Uint8Array[], issuer: string): BareKeySet {
  // 2^32 is after every time that the format can name.
  const always = { use: "vouchers", from: 0, to: 2 ** 32 } as const;
  return { issuer, list: null, keys: byKid(publicKeys.map((publicKey) => ({ publicKey, ...always }))) };
}

function byKid(keys: KeyList["keys"]): ReadonlyMap<string, TrustedKey> {
  return new Map(
    keys.map(({ publicKey, use, from, to }) => {
      const kid = toHex(keyId(publicKey));
      return [kid, { kid, use, from, to, verify: importPublicKey(publicKey) }];
    }),
  );
}

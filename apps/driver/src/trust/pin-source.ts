import { readJwksFile } from "@doorproof/verifier";
import { Refusal } from "@doorproof/voucher";
import { type Identity, readPinnedKeys } from "./documents.ts";

// Third-party mode: a courier says whose vouchers this device checks, and with which keys. That is a decision of trust,
// so it is never taken from a voucher, and keys are fetched only from the origin of this app.

export type PinSource =
  /**
   * A link on this origin (`…/driver/#issuer=NAME&root=HEX`, or to a jwks.json), or the text of a JWKS, as a QR carries
   * it.
   */
  | { readonly text: string; readonly issuer?: string }
  /** A file: JWKS, COSE_KeySet, a signed document, or an answer to records. */
  | { readonly bytes: Uint8Array; readonly issuer?: string };

/**
 * What a file offers: an identity to pin, or a file that is no key set, which may be a signed document or an answer to
 * records.
 */
export type Offer =
  | { readonly identity: Exclude<Identity, { kind: "enrolled" }> }
  | { readonly document: Uint8Array }
  | { readonly answers: unknown };

export type NoPin =
  /** It is no key set, or none that can be trusted. */
  | "no-keys"
  /** A bare COSE key set does not name its issuer: ask for it. */
  | "issuer-unnamed";

type BareKeySet = Extract<Identity, { kind: "keys-pinned" }>;

/**
 * @param base the issuer's own address, ending in "/"
 * @returns `url`: a key set to be fetched there, and read by `readKeyFile` under this name
 */
export function readPinSource(
  source: PinSource,
  base: string,
): Offer | { readonly url: string; readonly issuer: string } | NoPin {
  if ("bytes" in source) return readKeyFile(source.bytes, source.issuer);
  const { text, issuer } = source;
  if (!URL.canParse(text)) return readKeyFile(new TextEncoder().encode(text), issuer);
  const root = readRootLink(text, base);
  return root ? { identity: root } : { url: text, issuer: issuer ?? new URL(text).hostname };
}

/**
 * `…/driver/#issuer=NAME&root=HEX`: the strong form, since keys and revocations are then signed and stay up to date.
 */
export function readRootLink(text: string, base: string): Extract<Identity, { kind: "root-pinned" }> | null {
  if (!text.startsWith(`${base}driver/#`)) return null;
  const said = new URLSearchParams(new URL(text).hash.slice(1));
  const issuer = said.get("issuer");
  const roots = said.getAll("root");
  if (!issuer || roots.length === 0 || !roots.every((root) => /^[0-9a-f]{64}$/.test(root))) return null;
  return { kind: "root-pinned", issuer, roots };
}

/** The first byte of a tagged COSE_Sign1; no key set begins with it. */
const SIGNED = 0xd2;

/** @param named whose it is, if the file does not say */
export function readKeyFile(bytes: Uint8Array, named: string | undefined): Offer | NoPin {
  if (bytes[0] === SIGNED) return { document: bytes };
  const json = readJson(bytes);
  if (typeof json === "object" && json !== null && "results" in json) return { answers: json };
  const format = json === undefined ? "cose" : "jwks";
  if (!holdsKeys({ issuer: named ?? "unnamed", format, bytes })) return "no-keys";
  const issuer = (format === "jwks" ? readJwksFile(bytes).issuer : null) ?? named;
  return issuer === undefined ? "issuer-unnamed" : { identity: { kind: "keys-pinned", issuer, format, bytes } };
}

function holdsKeys(set: Pick<BareKeySet, "issuer" | "format" | "bytes">): boolean {
  try {
    return readPinnedKeys(set).keys.size > 0;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

// Only told from other files here: what may stand in a JWKS is the verifier's to say.
function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

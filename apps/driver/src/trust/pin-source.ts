import { Refusal } from "@doorproof/voucher";
import type { PinSource, Trouble } from "../day/day.ts";
import { fetchPublished, type Network } from "../sync/sync.ts";
import { type Identity, readPinnedKeys } from "./documents.ts";

// Third-party mode: a courier says whose vouchers he checks, and with which keys. That is a decision of trust, so it is never taken from a
// voucher, and nothing is fetched from anywhere but the origin that this app itself came from.

type Bare = Extract<Identity, { kind: "keys-pinned" }>;

/** What a source offers: an identity to be taken on, or what is no key set, a signed document or an answer to records. */
export type Offer =
  | { readonly identity: Exclude<Identity, { kind: "enrolled" }> }
  | { readonly document: Uint8Array }
  | { readonly answers: unknown };

export async function readPinSource(network: Network, source: PinSource): Promise<Offer | Trouble> {
  if ("bytes" in source) return readFile(source.bytes, source.issuer);
  const { text, issuer } = source;
  if (!URL.canParse(text)) return readFile(new TextEncoder().encode(text), issuer);
  const root = readRootLink(text, network.base);
  if (root) return { identity: root };
  const bytes = await fetchPublished(network, text);
  return typeof bytes === "string" ? bytes : readFile(bytes, issuer ?? new URL(text).hostname);
}

/** `…/driver/#issuer=NAME&root=HEX`: the strong form, for keys and revocations then come signed and stay fresh. */
export function readRootLink(text: string, base: string): Extract<Identity, { kind: "root-pinned" }> | null {
  if (!text.startsWith(`${base}driver/#`)) return null;
  const said = new URLSearchParams(new URL(text).hash.slice(1));
  const issuer = said.get("issuer");
  const roots = said.getAll("root");
  if (!issuer || roots.length === 0 || !roots.every((root) => /^[0-9a-f]{64}$/.test(root))) return null;
  return { kind: "root-pinned", issuer, roots };
}

/** A tagged COSE_Sign1: no key set begins so. */
const SIGNED = 0xd2;

function readFile(bytes: Uint8Array, named: string | undefined): Offer | Trouble {
  if (bytes[0] === SIGNED) return { document: bytes };
  const jwks = readJson(bytes);
  if (typeof jwks === "object" && jwks !== null && "results" in jwks) return { answers: jwks };
  const issuer = issuerOf(jwks) ?? named;
  const format = jwks === undefined ? "cose" : "jwks";
  if (!holdsKeys({ issuer: issuer ?? "unnamed", format, bytes })) return "no-keys";
  return issuer === undefined ? "issuer-unnamed" : { identity: { kind: "keys-pinned", issuer, format, bytes } };
}

function holdsKeys(set: Pick<Bare, "issuer" | "format" | "bytes">): boolean {
  try {
    return readPinnedKeys(set).keys.size > 0;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function issuerOf(jwks: unknown): string | undefined {
  const named = typeof jwks === "object" && jwks !== null && "issuer" in jwks ? jwks.issuer : undefined;
  return typeof named === "string" && named !== "" ? named : undefined;
}

import { createPublicKey } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import {
  type KeySet,
  readCoseKeys,
  readJwksKeys,
  readKeyList,
  readRevocations,
  type TrustedKey,
} from "@doorproof/verifier";
import { explainRefusal, type KeyUse, NAME, Refusal, type RevocationList } from "@doorproof/voucher";
import { EXIT, exitOfRefusal, Failure } from "./exit.ts";
import { isUrl, readFileBytes, readSource } from "./sources.ts";

/** What a reader pins beside a signed key list; both lie beside it by default. */
export interface Pins {
  /** PEM file of the root's public key. */
  readonly root?: string;
  readonly issuer?: string;
}

/** The command line remembers nothing between two runs, so it cannot tell an older document from the newest. */
const NOTHING_HELD = () => null;

const MAX_KEYS_LENGTH = 64 * 1024;
const MAX_REVOCATIONS_LENGTH = 16 * 1024 * 1024;
const NO_KEYS = "--keys names another file or URL; doorproof keys init makes keys";

/**
 * One issuer's keys, by the name's ending: `.cose` is a root-signed key list, `.cbor` a COSE_KeySet, all else a JWKS.
 *
 * @param source file or URL
 * @throws {Failure} `inputOutput`: not there; `undecided`: there, and of no use
 */
export async function readKeys(source: string, pins: Pins = {}): Promise<KeySet> {
  const bytes = await readSource(source, { cap: MAX_KEYS_LENGTH, hint: NO_KEYS });
  const place = isUrl(source) ? new URL(source) : null;
  const name = place?.hostname ?? basename(source, extname(source));
  const ending = extname(place?.pathname ?? source);
  return judgeSource(source, async () => {
    if (ending === ".cose") return readSignedList(source, bytes, pins);
    if (ending === ".cbor") return readCoseKeys(bytes, { issuer: checkName(source, pins.issuer ?? name) });
    const jwks = parseJson(source, bytes);
    const named = issuerOf(source, jwks);
    if (pins.issuer !== undefined && named !== undefined && named !== pins.issuer) {
      throw new Failure("undecided", `${source}: keys of ${named}, not of ${pins.issuer}`);
    }
    return readJwksKeys(jwks, { issuer: checkName(source, named ?? pins.issuer ?? name) });
  });
}

/** @throws {Failure} as {@link readKeys}; `usage` without a signed key list, whose document keys alone may sign the list */
export async function readRevocationList(path: string, { keys }: { keys: KeySet }): Promise<RevocationList> {
  if (!keys.list) {
    throw new Failure(
      "usage",
      "a revocation list can only be checked with a signed key list",
      "add --keys keys/keys.cose",
    );
  }
  const document = await readSource(path, { cap: MAX_REVOCATIONS_LENGTH });
  return judgeSource(path, async () => readRevocations(document, { keys, held: NOTHING_HELD }));
}

/**
 * The issuer's key folder: what goes into its books is signed by the keys beside them.
 * @param folder another than the environment's
 * @throws {Failure} `inputOutput`: it holds none
 */
export function requireKeyFolder(
  environment: NodeJS.ProcessEnv,
  folder: string = environment["KEYS_DIR"] ?? "keys",
): string {
  if (existsSync(join(folder, "keys.cose"))) return folder;
  throw new Failure(
    "inputOutput",
    `${folder}: no keys there`,
    "KEYS_DIR names another folder; doorproof keys init makes keys",
  );
}

/** The keys of this use whose window covers now and a voucher's expiry, the newest first. */
export function keysFor(use: KeyUse, { keys, now, until }: { keys: KeySet; now: number; until: number }): TrustedKey[] {
  const fitting = [...keys.keys.values()].filter(
    (key) => key.use === use && key.from <= now && now < key.to && until <= key.to,
  );
  return fitting.sort((a, b) => b.from - a.from);
}

async function readSignedList(source: string, document: Uint8Array, pins: Pins): Promise<KeySet> {
  if (pins.root === undefined && isUrl(source)) {
    throw new Failure("usage", "a signed key list from a URL needs the root that you trust", "add --root root.pub.pem");
  }
  const root = await readRoot(pins.root ?? join(dirname(source), "root.pub.pem"));
  const issuer = pins.issuer ?? (isUrl(source) ? new URL(source).hostname : await issuerBeside(source));
  return readKeyList(document, { issuer, roots: [root], held: NOTHING_HELD });
}

async function readRoot(path: string): Promise<Uint8Array> {
  const pem = await readFileBytes(path, {
    cap: MAX_KEYS_LENGTH,
    hint: "--root names the PEM file of the root that you trust",
  });
  try {
    const { crv, x } = createPublicKey(Buffer.from(pem)).export({ format: "jwk" });
    if (crv === "Ed25519" && x !== undefined) return new Uint8Array(Buffer.from(x, "base64url"));
  } catch {
    // the same sentence for whatever OpenSSL makes of it
  }
  throw new Failure("undecided", `${path}: not an Ed25519 public key in PEM`);
}

// The list's own word for its issuer is no pin; the name that was published beside it is what a courier has looked at.
async function issuerBeside(source: string): Promise<string> {
  const path = join(dirname(source), "jwks.json");
  const hint = "--issuer NAME says whose list it must be";
  const issuer = issuerOf(path, parseJson(path, await readFileBytes(path, { cap: MAX_KEYS_LENGTH, hint })));
  if (issuer === undefined) throw new Failure("undecided", `${path}: names no issuer`, hint);
  return issuer;
}

function issuerOf(source: string, jwks: unknown): string | undefined {
  const issuer = typeof jwks === "object" && jwks !== null && "issuer" in jwks ? jwks.issuer : undefined;
  return issuer === undefined ? undefined : checkName(source, issuer);
}

// It is printed: a name of control sequences could repaint the verdict.
function checkName(source: string, name: unknown): string {
  if (typeof name === "string" && NAME.test(name)) return name;
  throw new Failure("undecided", `${source}: the issuer's name is not 1 to 64 printable ASCII characters`);
}

function parseJson(source: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Failure("undecided", `${source}: not JSON`, "a .cose or .cbor file is known by its name's ending");
  }
}

// A key set or list that is refused says nothing about any voucher: nobody can decide.
async function judgeSource<T>(source: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const certain = exitOfRefusal(error.code) === EXIT.undecided;
    const hint = certain
      ? undefined
      : "without good keys nothing can be decided: fetch them again from where you trust";
    throw new Failure("undecided", `${source}: ${error.code}: ${explainRefusal(error)}`, hint);
  }
}

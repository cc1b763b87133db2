import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createKeyFile,
  keyFileName,
  openKeyFile,
  publicKeyPem,
  type SigningKey,
  signKeyList,
  signRevocations,
} from "@doorproof/signer";
import { readKeyList } from "@doorproof/verifier";
import { type KeyUse, type ListedKey, writeCoseKeySet, writeJwks } from "@doorproof/voucher";
import { IssueError } from "./domain/errors.ts";
import type { Keyring } from "./domain/ports.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** How keys live (docs/format.md section 5). A year is listed at once, so that the root is needed rarely. */
const SIGNS_FOR = 30 * DAY;
/** A key's window goes on until the last voucher it signed is over. */
const OUTLASTS_BY = 7 * DAY;
const KEYS_OF_EACH_USE = 13;
const LIST_LIVES = 365 * DAY;
/** A device whose clock is a little behind must not find the first key "not yet valid". */
const FIRST_KEY_STARTS = -HOUR;
const REVOCATIONS_NEXT = 6 * HOUR;
const GRACE = 18 * HOUR;

/** A folder of keys, as `keys init` makes it: published files on top, private ones in `private/`. */
export interface KeyFolder {
  readonly folder: string;
  /** Where root.pem lies; not needed to run, and better elsewhere. */
  readonly rootFolder: string;
}

/**
 * Makes an issuer's keys: root, a year of voucher and document keys, secrets, and what is published of them.
 * @param issuer the name that every document carries
 * @param now seconds since 1970
 * @throws {Error} the folder holds keys already: nothing is ever overwritten
 */
export async function initKeyFolder(
  { folder, rootFolder }: KeyFolder,
  { issuer, now, random }: { issuer: string; now: number; random: (length: number) => Uint8Array },
): Promise<{ root: SigningKey; keys: readonly ListedKey[] }> {
  if (existsSync(join(folder, "keys.cose"))) throw new Error(`${folder} holds keys already`);
  const privateFolder = join(folder, "private");
  for (const path of [privateFolder, rootFolder]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  }
  const taken = new Set<string>();
  const make = (use: SigningKey["use"], where: string) => {
    const key = createKeyFile(where, { use, taken });
    taken.add(Buffer.from(key.kid).toString("hex"));
    return key;
  };
  const root = make("root", rootFolder);
  const uses: readonly KeyUse[] = ["vouchers", "documents"];
  const made = uses.flatMap((use) =>
    Array.from({ length: KEYS_OF_EACH_USE }, (_, i) => listed(make(use, privateFolder), use, now, i)),
  );
  const [firstDocumentKey] = made.filter(({ use }) => use === "documents");
  if (!firstDocumentKey) throw new Error("no document key was made");
  writeFileSync(join(privateFolder, "secrets.env"), writeSecrets(random), { mode: 0o600, flag: "wx" });

  const keys = made.map(({ key: _, ...entry }) => entry);
  const voucherKeys = keys.filter(({ use }) => use === "vouchers").map(({ publicKey }) => publicKey);
  const list = {
    issuer,
    version: 1,
    issuedAt: now,
    expiresAt: now + LIST_LIVES,
    grace: GRACE,
    keys,
    roots: [root.publicKey],
  };
  const empty = { issuer, version: 1, issuedAt: now, next: now + REVOCATIONS_NEXT, kids: [], ctis: [] };
  publish(folder, "root.pub.pem", publicKeyPem(root.publicKey));
  publish(folder, "jwks.json", `${JSON.stringify(writeJwks(issuer, voucherKeys), null, 2)}\n`);
  publish(folder, "cose-keys.cbor", writeCoseKeySet(voucherKeys));
  publish(folder, "revocations.cose", await signRevocations(empty, { key: firstDocumentKey.key }));
  // Last, because its presence says that the folder is whole.
  publish(folder, "keys.cose", await signKeyList(list, { root }));
  return { root, keys };
}

/**
 * Opens a folder for issuing. The list is read as any device reads it, with the root that lies beside it.
 * @throws {Error} a file is missing, readable by others, or does not belong here
 */
export function openKeyFolder(folder: string, { issuer }: { issuer?: string } = {}): Keyring {
  const pem = readFileSync(join(folder, "root.pub.pem"), "utf8");
  const rootKey = new Uint8Array(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64").subarray(-32));
  const name = issuer ?? readIssuer(folder);
  const keys = readKeyList(readFileSync(join(folder, "keys.cose")), {
    issuer: name,
    roots: [rootKey],
    held: () => null,
  });
  const held = openPrivateKeys(join(folder, "private"), keys.keys);
  const newest = (use: KeyUse, now: number, until: number) => {
    const fitting = [...held.values()].filter(
      ({ key, from, to }) => key.use === use && from <= now && now < to && until <= to,
    );
    return fitting.sort((a, b) => b.from - a.from)[0];
  };
  return {
    issuer: name,
    keys,
    voucherKey({ now, expiresAt }) {
      const found = newest("vouchers", now, expiresAt);
      if (!found) throw new IssueError("no-signing-key", "no voucher key covers this time: run doorproof keys rotate");
      return { key: found.key, until: found.to };
    },
    documentKey({ now }) {
      const found = newest("documents", now, now);
      if (!found) throw new IssueError("no-signing-key", "no document key covers this time: run doorproof keys rotate");
      return { key: found.key, until: found.to };
    },
    signedBy(kid) {
      const found = held.get(kid);
      return found && { key: found.key, until: found.to };
    },
  };
}

function listed(key: SigningKey, use: KeyUse, now: number, index: number): ListedKey & { key: SigningKey } {
  const starts = now + index * SIGNS_FOR;
  const from = index === 0 ? starts + FIRST_KEY_STARTS : starts;
  return { key, use, publicKey: key.publicKey, from, to: starts + SIGNS_FOR + OUTLASTS_BY };
}

function writeSecrets(random: (length: number) => Uint8Array): string {
  const names = ["CODE_SECRET", "LINK_SECRET", "DATA_SECRET"];
  return names.map((name) => `${name}=${Buffer.from(random(32)).toString("hex")}\n`).join("");
}

function publish(folder: string, name: string, data: string | Uint8Array): void {
  writeFileSync(join(folder, name), data, { mode: 0o644, flag: "wx" });
}

function readIssuer(folder: string): string {
  const jwks: unknown = JSON.parse(readFileSync(join(folder, "jwks.json"), "utf8"));
  const issuer = typeof jwks === "object" && jwks !== null && "issuer" in jwks ? jwks.issuer : undefined;
  if (typeof issuer !== "string") throw new Error(`${join(folder, "jwks.json")} names no issuer`);
  return issuer;
}

interface HeldKey {
  readonly key: SigningKey;
  readonly from: number;
  readonly to: number;
}

function openPrivateKeys(folder: string, listed: Keyring["keys"]["keys"]): ReadonlyMap<string, HeldKey> {
  const held = new Map<string, HeldKey>();
  const present = new Set(readdirSync(folder));
  for (const [kid, { use, from, to }] of listed) {
    const name = keyFileName({ use, kid: Buffer.from(kid, "hex") });
    if (!present.has(name)) continue;
    const key = openKeyFile(join(folder, name), { use });
    if (Buffer.from(key.kid).toString("hex") !== kid) throw new Error(`${name} holds another key than its name says`);
    held.set(kid, { key, from, to });
  }
  return held;
}

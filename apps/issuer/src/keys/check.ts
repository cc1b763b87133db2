import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type KeySet, readCoseKeys, readJwksFile, readJwksKeys } from "@doorproof/verifier";
import { explainRefusal, type KeyUse, Refusal } from "@doorproof/voucher";
import { type Published, readPublished, withdrawnKids } from "./folder.ts";
import { OUTLASTS_BY } from "./plan.ts";

/**
 * Looks at a folder as a stranger will: is everything in it public, has each key the kid it claims, and do the files
 * say the same of each key's window?
 * @param now seconds since 1970
 * @returns a sentence for each fault
 */
export function checkPublished(folder: string, now: number): readonly string[] {
  const faults = [...findPrivate(folder)];
  const attempt = <T>(name: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const why = error instanceof Refusal ? `${error.code}: ${explainRefusal(error)}` : error.message;
      faults.push(`${join(folder, name)}: ${why}`);
      return undefined;
    }
  };
  const published = attempt("keys.cose", () => readPublished(folder));
  const jwks = attempt("jwks.json", () =>
    readJwksKeys(readJwksFile(new Uint8Array(readFileSync(join(folder, "jwks.json")))).jwks, { issuer: "" }),
  );
  const coseKeys = attempt("cose-keys.cbor", () =>
    readCoseKeys(new Uint8Array(readFileSync(join(folder, "cose-keys.cbor"))), { issuer: "" }),
  );
  if (!published) return faults;
  faults.push(...checkWindows(folder, published, now));
  if (jwks) faults.push(...compareSet(join(folder, "jwks.json"), jwks, published, now));
  if (coseKeys) faults.push(...compareSet(join(folder, "cose-keys.cbor"), coseKeys, published, now));
  return faults;
}

/** Private keys and secrets on top of a folder, where only what everybody may read belongs: a sentence for each. */
export function findPrivate(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > LARGEST_KEY_FILE) return [];
    const text = readFileSync(path, "latin1");
    if (/PRIVATE KEY/.test(text)) return [`${path}: a private key`];
    if (/^[A-Z]+_SECRET\s*=/m.test(text)) return [`${path}: secrets`];
    // "d" of an elliptic curve, "k" of a secret: also beside keys of types that readers skip.
    if (/"(?:d|k)"\s*:/.test(text)) return [`${path}: the private member of a JWK`];
    return [];
  });
}

const LARGEST_KEY_FILE = 1024 * 1024;

function checkWindows(folder: string, { keys, list }: Published, now: number): string[] {
  const path = join(folder, "keys.cose");
  const windows = [...keys.keys.values()];
  const short = windows.filter(({ from, to }) => to - from <= OUTLASTS_BY);
  const uses: readonly KeyUse[] = ["vouchers", "documents"];
  const without = uses.filter((use) => !windows.some((key) => key.use === use && key.from <= now && now < key.to));
  return [
    ...short.map(({ kid }) => `${path}: the window of ${kid} is shorter than a voucher's life`),
    ...without.map((use) => `${path}: no key for ${use} serves now`),
    ...(list.expiresAt <= now ? [`${path}: over`] : []),
  ];
}

// A bare set must hold exactly the keys that the list trusts: a further one would be trusted for ever, without a
// missing one good vouchers are refused.
function compareSet(path: string, set: KeySet, { keys, revocations }: Published, now: number): string[] {
  const kids = withdrawnKids(revocations);
  const trusted = [...keys.keys.values()].filter(
    ({ use, to, kid }) => use === "vouchers" && now < to && !kids.has(kid),
  );
  const expected = new Set(trusted.map(({ kid }) => kid));
  return [
    ...[...set.keys.keys()].filter((kid) => !expected.has(kid)).map((kid) => `${path}: ${faultOfKey(keys, kids, kid)}`),
    ...[...expected].filter((kid) => !set.keys.has(kid)).map((kid) => `${path}: ${kid} of the signed list is missing`),
  ];
}

function faultOfKey({ keys }: KeySet, withdrawn: ReadonlySet<string>, kid: string): string {
  if (withdrawn.has(kid)) return `${kid} is withdrawn`;
  const key = keys.get(kid);
  if (!key) return `${kid} is not in the signed list`;
  return key.use === "documents" ? `${kid} is a document key` : `${kid}'s window is over`;
}

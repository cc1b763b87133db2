import { generateKeyPairSync, sign } from "node:crypto";
import { MAX_VOUCHER_LIFE, type SigningKey, sealVoucher, signKeyList } from "@doorproof/signer";
import { openKeyList } from "@doorproof/verifier";
import type { KeyUse, ListedKey } from "@doorproof/voucher";
import { keyId, toHex } from "@doorproof/voucher/codec";
import { onTestFinished } from "vitest";
import { IssueError } from "../src/domain/errors.ts";
import type { Keyring, Policy } from "../src/domain/ports.ts";
import { PLANNED_AHEAD, planWindows } from "../src/keys/plan.ts";
import { type HeldKey, newestKey } from "../src/keys/private.ts";
import { openMemory } from "../src/store/memory.ts";
import type { StoreDeps } from "../src/store/store.ts";
import { DAY, seededRandom, T0 } from "./world.ts";

/** An issuer with no folder: keys and store in memory, for rules that need neither disk nor SQL. The clock stands until a test moves it. */
export interface MemoryWorld {
  readonly deps: StoreDeps;
  readonly clock: { now: number };
}

/** As {@link makeMemoryWorld}'s issuer publishes it. */
export async function publishedKeyList(): Promise<Uint8Array> {
  return (await KEYS).document;
}

export async function makeMemoryWorld({
  seed = "world",
  policy = {},
}: {
  seed?: string;
  policy?: Partial<Policy>;
} = {}): Promise<MemoryWorld> {
  const clock = { now: T0 };
  const random = seededRandom(seed);
  const store = openMemory();
  onTestFinished(() => store.close());
  const deps = {
    store,
    keyring: (await KEYS).keyring,
    secrets: { codes: [random(32)], links: [random(32)], data: [random(32)] },
    policy: {
      publicUrl: "https://dp.example",
      defaultCountry: "GB",
      maxVoucherLife: MAX_VOUCHER_LIFE,
      phoneInVoucher: true,
      recordsAnHour: 5000,
      ...policy,
    },
    now: () => clock.now,
    clock: { doubt: () => null },
    random,
    seal: sealOnce,
  };
  return { deps, clock };
}

/** Worlds of one seed seal the same vouchers under the same salts, and a seal costs a tenth of a second. */
const SEALS = new Map<string, ReturnType<typeof sealVoucher>>();

const sealOnce: typeof sealVoucher = (text, under) => {
  const key = JSON.stringify([text, { ...under, salt: toHex(under.salt) }]);
  const made = SEALS.get(key) ?? sealVoucher(text, under);
  SEALS.set(key, made);
  return made;
};

/** Made once a worker, with the windows that a key folder has: a year of them. */
const KEYS: Promise<{ keyring: Keyring; document: Uint8Array }> = makeKeyring();

async function makeKeyring(): Promise<{ keyring: Keyring; document: Uint8Array }> {
  const issuer = "Parcel Co";
  const root = makeKey("root");
  const held = new Map<string, HeldKey>();
  const listed: ListedKey[] = [];
  for (const use of ["vouchers", "documents"] as const)
    for (const { from, to } of planWindows([], T0)) {
      const key = makeKey(use);
      held.set(toHex(key.kid), { key, from, to });
      listed.push({ use, publicKey: key.publicKey, from, to });
    }
  const times = { issuedAt: T0, expiresAt: T0 + PLANNED_AHEAD, grace: DAY };
  const list = { issuer, version: 1, ...times, keys: listed, roots: [root.publicKey] };
  const document = await signKeyList(list, { root });
  const keys = openKeyList(document, { issuer, roots: [root.publicKey], held: () => null });
  const newest = (use: KeyUse, now: number, until: number) => {
    const found = newestKey(held, { use, now, until });
    if (!found) throw new IssueError("no-signing-key", "no key covers this time");
    return { key: found.key, until: found.to };
  };
  const keyring: Keyring = {
    issuer,
    keys,
    roots: keys.roots,
    withdrawn: { kids: new Set(), version: 1 },
    voucherKey: ({ now, expiresAt }) => newest("vouchers", now, expiresAt),
    documentKey: ({ now }) => newest("documents", now, now),
    signedBy(kid) {
      const found = held.get(kid);
      return found && { key: found.key, until: found.to };
    },
  };
  return { keyring, document };
}

function makeKey(use: SigningKey["use"]): SigningKey {
  const { privateKey, publicKey: handle } = generateKeyPairSync("ed25519");
  const publicKey = new Uint8Array(handle.export({ format: "der", type: "spki" }).subarray(-32));
  return {
    use,
    publicKey,
    kid: keyId(publicKey),
    sign: async (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
  };
}

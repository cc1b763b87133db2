import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openKeyFile, signKeyList } from "@doorproof/signer";
import { type KeyList, writeJwks } from "@doorproof/voucher";
import { describe, expect, onTestFinished, test } from "vitest";
import { ConfigError, readConfig } from "../src/config.ts";
import { checkPublished } from "../src/keys/check.ts";
import { readPublished } from "../src/keys/folder.ts";
import { initKeyFolder } from "../src/keys/init.ts";
import { openKeyring } from "../src/keys/keyring.ts";
import { publishKeys } from "../src/keys/publish.ts";
import { revokeKey } from "../src/keys/revoke.ts";
import { rotateKeys } from "../src/keys/rotate.ts";
import { refuseTrial } from "../src/production.ts";
import { environmentOf } from "./environment.ts";
import { watchKeys } from "./keys-watch.ts";
import { PROCESSES } from "./processes.ts";
import { DAY, makeFolder, seededRandom, T0 } from "./world.ts";

const PUBLISHED = ["cose-keys.cbor", "jwks.json", "keys.cose", "revocations.cose", "root.pub.pem"];
/** RFC 8032 section 7.1, TEST 1: its private half is in the RFC. */
const TEST_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

async function makeKeys(issuer = "Parcel Co") {
  const base = makeFolder();
  const folder = join(base, "keys");
  const rootFolder = join(base, "stick");
  await initKeyFolder({ folder, rootFolder }, { issuer, now: T0, random: seededRandom("keys") });
  return { base, folder, rootFolder };
}

const vouchersOf = (folder: string) =>
  [...readPublished(folder).keys.keys.values()].filter(({ use }) => use === "vouchers").map(({ kid }) => kid);

/** The list as only the holder of the root could change it. */
async function resign(
  { folder, rootFolder }: { folder: string; rootFolder: string },
  change: (list: KeyList) => KeyList,
) {
  const root = openKeyFile(join(rootFolder, "root.pem"), { use: "root" });
  writeFileSync(join(folder, "keys.cose"), await signKeyList(change(readPublished(folder).list), { root }));
}

describe("what lies beside the published files is looked at before it is published", () => {
  type Given = Awaited<ReturnType<typeof makeKeys>> & { kids: readonly string[] };
  const jwksOf = ({ folder }: Given) => JSON.parse(readFileSync(join(folder, "jwks.json"), "utf8"));
  const writeSet = ({ folder }: Given, jwks: object) => writeFileSync(join(folder, "jwks.json"), JSON.stringify(jwks));
  test.each<[string, (given: Given) => void | Promise<void>, string]>([
    ["nothing", () => {}, ""],
    [
      "the root's key",
      ({ folder, rootFolder }) => cpSync(join(rootFolder, "root.pem"), join(folder, "root.pem")),
      "root.pem: a private key",
    ],
    [
      "a private key under another name",
      ({ folder, rootFolder }) => cpSync(join(rootFolder, "root.pem"), join(folder, "notes.txt")),
      "notes.txt: a private key",
    ],
    [
      "the secrets",
      ({ folder }) => cpSync(join(folder, "private", "secrets.env"), join(folder, "secrets.env")),
      "secrets.env: secrets",
    ],
    [
      "a JWK with its private member, of a type that readers skip",
      (given) => writeSet(given, { ...jwksOf(given), keys: [...jwksOf(given).keys, { kty: "oct", k: "c2VjcmV0" }] }),
      "jwks.json: the private member of a JWK",
    ],
    [
      "a kid that its key does not have",
      (given) => writeSet(given, JSON.parse(JSON.stringify(jwksOf(given)).replace(given.kids[0] ?? "", "00000000"))),
      "jwks.json: malformed",
    ],
    [
      "a key that the list does not name",
      (given) => {
        const [first] = writeJwks("", [new Uint8Array(Buffer.from(TEST_KEY, "hex"))]).keys;
        writeSet(given, { ...jwksOf(given), keys: [...jwksOf(given).keys, first] });
      },
      "is not in the signed list",
    ],
    [
      "a key of the list that is missing",
      (given) => writeSet(given, { ...jwksOf(given), keys: jwksOf(given).keys.slice(1) }),
      "of the signed list is missing",
    ],
    [
      "a window that no voucher fits into",
      (given) =>
        resign(given, (list) => ({
          ...list,
          keys: list.keys.map((key, i) => (i === 3 ? { ...key, to: key.from + DAY } : key)),
        })),
      "is shorter than a voucher's life",
    ],
    [
      "no document key that serves now",
      (given) =>
        resign(given, (list) => ({
          ...list,
          keys: list.keys.map((key) =>
            key.use === "documents" && key.from < T0 ? { ...key, from: T0 - 1, to: T0 + 1 } : key,
          ),
        })),
      "no key for documents serves now",
    ],
    [
      "a list of another issuer",
      async ({ folder, base }) => {
        const other = join(base, "other");
        const given = { folder: other, rootFolder: join(base, "other-stick") };
        await initKeyFolder(given, { issuer: "doorproof-test", now: T0, random: seededRandom("other") });
        for (const name of ["keys.cose", "root.pub.pem", "revocations.cose"])
          cpSync(join(other, name), join(folder, name));
      },
      "foreign-document: another issuer's or another route's document: doorproof-test, not Parcel Co",
    ],
    [
      "a list of another root",
      async ({ folder, base }) => {
        const other = join(base, "other");
        const given = { folder: other, rootFolder: join(base, "other-stick") };
        await initKeyFolder(given, { issuer: "Parcel Co", now: T0, random: seededRandom("other") });
        cpSync(join(other, "keys.cose"), join(folder, "keys.cose"));
      },
      "keys.cose: unknown-key",
    ],
    [
      "a published test key that the root has signed",
      (given) =>
        resign(given, (list) => ({
          ...list,
          keys: list.keys.map((key, i) =>
            i === 2 ? { ...key, publicKey: new Uint8Array(Buffer.from(TEST_KEY, "hex")) } : key,
          ),
        })),
      "is a published test key",
    ],
  ])("%s", async (_, change, fault) => {
    const given = await makeKeys();
    await change({ ...given, kids: vouchersOf(given.folder) });
    const faults = checkPublished(given.folder, T0 + 2);
    if (fault === "") expect(faults).toEqual([]);
    else expect(faults.join("\n")).toContain(fault);
  });

  test("a withdrawn key in the bare set", async () => {
    const { folder } = await makeKeys();
    const before = readFileSync(join(folder, "jwks.json"));
    const [kid = ""] = vouchersOf(folder);
    await revokeKey(folder, kid, { processes: PROCESSES, now: T0 });
    writeFileSync(join(folder, "jwks.json"), before);
    expect(checkPublished(folder, T0).join("\n")).toContain(`${kid} is withdrawn`);
  });
});

test("published to a stick: the five files, fresh, for everybody; and never beside a private key", async () => {
  const { base, folder, rootFolder } = await makeKeys();
  const stick = join(base, "usb");
  mkdirSync(stick);
  const { version } = await publishKeys(folder, {
    processes: PROCESSES,
    now: T0 + 5,
    to: stick,
    ctis: ["0123456789abcdef"],
  });
  expect(readdirSync(stick).toSorted()).toEqual(PUBLISHED);
  expect(readdirSync(stick).map((name) => statSync(join(stick, name)).mode & 0o777)).toEqual(Array(5).fill(0o644));
  expect(readdirSync(folder).toSorted()).toEqual([...PUBLISHED, "private"].toSorted());
  const { revocations } = readPublished(stick);
  expect([revocations.version, revocations.next, revocations.ctis.length]).toEqual([version, T0 + 5 + 6 * 3600, 8]);
  expect(version).toBeGreaterThan(T0 + 5);
  // With no database at hand what was withdrawn stays so.
  await publishKeys(folder, { processes: PROCESSES, now: T0 + 5, to: stick });
  expect(readPublished(stick).revocations).toMatchObject({ version: version + 1, ctis: revocations.ctis });

  await expect(publishKeys(folder, { processes: PROCESSES, now: T0 + 6, to: rootFolder })).rejects.toThrow(
    "root.pem: a private key",
  );
  expect(readdirSync(rootFolder)).toEqual(["root.pem"]);
});

describe("the root", () => {
  test("of another issuer signs nothing here", async () => {
    const [ours, theirs] = [await makeKeys(), await makeKeys()];
    const at = { folder: ours.folder, rootFolder: theirs.rootFolder };
    const before = readdirSync(join(ours.folder, "private"));
    await expect(rotateKeys(at, { processes: PROCESSES, now: T0, prune: false })).rejects.toThrow("another root");
    expect(readdirSync(join(ours.folder, "private"))).toEqual(before);
    expect(readPublished(ours.folder).list.version).toBe(1);
  });

  test("keeps an issuer from starting in production while its private key lies there; and so do a trial's keys", async () => {
    const inProduction = (folder: string) => {
      try {
        refuseTrial(readConfig({ ...environmentOf(folder), SMS_GATEWAY: "none" }));
        return [];
      } catch (error) {
        if (error instanceof ConfigError) return error.faults;
        throw error;
      }
    };
    const { base, folder, rootFolder } = await makeKeys();
    expect(inProduction(base)).toEqual([]);
    cpSync(join(rootFolder, "root.pem"), join(folder, "private", "root.pem"));
    expect(inProduction(base)).toEqual([expect.stringMatching(/^KEYS_DIR: .*root\.pem.*off this machine/)]);
    for (const name of ["Doorproof", "localhost", "doorproof-test"]) {
      expect(inProduction((await makeKeys(name)).base)).toEqual([expect.stringContaining(`trial issuer ${name}`)]);
    }
    refuseTrial(
      readConfig({ ...environmentOf((await makeKeys("localhost")).base), PUBLIC_URL: "http://localhost:8080" }),
    );
  });
});

describe("private files of the past", () => {
  test("are never signed with, and deleted by prune alone", async () => {
    const { folder, rootFolder } = await makeKeys();
    const [first = ""] = vouchersOf(folder);
    const files = () => readdirSync(join(folder, "private"));
    const late = { processes: PROCESSES, now: T0 + 50 * DAY, prune: false };
    const kept = await rotateKeys({ folder, rootFolder }, late);
    expect(kept.dropped).toHaveLength(2);
    expect(kept.idle).toEqual(expect.arrayContaining([`voucher-${first}.pem`]));
    expect(files()).toContain(`voucher-${first}.pem`);
    expect(openKeyring(folder).signedBy(first)).toBeUndefined();
    const pruned = await rotateKeys({ folder, rootFolder }, { ...late, prune: true });
    expect(pruned.idle).toEqual(kept.idle);
    expect(files()).not.toContain(`voucher-${first}.pem`);
    expect(files()).toHaveLength(2 * 13 + 1);
  });

  test("that a killed rotation left behind are nobody's", async () => {
    const { folder, rootFolder } = await makeKeys();
    const orphan = join(folder, "private", "voucher-deadbeef.pem");
    cpSync(join(rootFolder, "root.pem"), orphan);
    const { idle } = await rotateKeys({ folder, rootFolder }, { processes: PROCESSES, now: T0, prune: true });
    expect(idle).toEqual(["voucher-deadbeef.pem"]);
  });
});

describe("one at a time", () => {
  test("a second process is refused while the first is at it", async () => {
    const { folder, rootFolder } = await makeKeys();
    const other = spawn("sleep", ["30"]);
    onTestFinished(() => void other.kill());
    writeFileSync(join(folder, "private", "lock"), `${other.pid}\n`);
    await expect(rotateKeys({ folder, rootFolder }, { processes: PROCESSES, now: T0, prune: false })).rejects.toThrow(
      `process ${other.pid}`,
    );
    expect(readPublished(folder).list.version).toBe(1);
  });

  test("what one that was killed left does not bar the next", async () => {
    const { folder, rootFolder } = await makeKeys();
    const gone = spawn("true");
    await new Promise((resolve) => gone.on("exit", resolve));
    writeFileSync(join(folder, "private", "lock"), `${gone.pid}\n`);
    await rotateKeys({ folder, rootFolder }, { processes: PROCESSES, now: T0, prune: false });
    expect(readdirSync(join(folder, "private"))).not.toContain("lock");
  });

  test("two at once sign two lists, one after the other or one of them none", async () => {
    const { folder, rootFolder } = await makeKeys();
    const both = await Promise.allSettled(
      [1, 2].map(() => rotateKeys({ folder, rootFolder }, { processes: PROCESSES, now: T0, prune: false })),
    );
    const versions = both.flatMap((one) => (one.status === "fulfilled" ? [one.value.version] : []));
    expect(new Set(versions).size).toBe(versions.length);
    expect(Math.max(...versions)).toBe(readPublished(folder).list.version);
  });
});

test("a running issuer reads what fits together at every instant, whatever is changed beside it", async () => {
  const { folder, rootFolder } = await makeKeys();
  const watch = watchKeys(folder, { now: T0, how: "running" });
  await watch.sees(readPublished(folder).list.version);
  const kids = vouchersOf(folder).slice(0, 3);
  for (const kid of kids) {
    await revokeKey(folder, kid, { processes: PROCESSES, now: T0 });
    await rotateKeys({ folder, rootFolder }, { processes: PROCESSES, now: T0, prune: true });
    const { key } = openKeyring(folder).documentKey({ now: T0 });
    await rotateKeys(
      { folder, rootFolder },
      { processes: PROCESSES, now: T0, prune: true, without: Buffer.from(key.kid).toString("hex") },
    );
    // What is gone before the next look is never seen, so each round waits for the reader.
    await watch.sees(readPublished(folder).list.version);
  }
  const { reads, lists } = await watch.end();
  expect(reads).toBeGreaterThan(lists.length);
  expect(lists).toEqual(lists.toSorted((a, b) => a - b));
  expect(lists.length).toBeGreaterThan(kids.length);
  expect(openKeyring(folder).withdrawn.kids).toEqual(new Set(kids));
});

test("a key that is withdrawn and a list that is damaged: nothing is signed with the one, nothing goes on with the other", async () => {
  const { folder } = await makeKeys();
  const keyring = openKeyring(folder);
  rmSync(join(folder, "revocations.cose"));
  expect(() => keyring.voucherKey({ now: T0, expiresAt: T0 + 1 })).toThrow("revocations.cose");
});

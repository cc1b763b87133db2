import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyId, toHex } from "@doorproof/voucher/codec";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { fromHex } from "../../voucher/test/vector-files.ts";
import { createKeyFile, keyFileName, openKeyFile, publicKeyPem } from "../src/index.ts";
import { pkcs8, vectors } from "./keys-of-vectors.ts";

const made: string[] = [];
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doorproof-keys-"));
  made.push(folder);
});
afterAll(() => {
  for (const each of made) rmSync(each, { recursive: true });
});

const taken: ReadonlySet<string> = new Set();
const message = new TextEncoder().encode("a voucher");

async function works(key: Awaited<ReturnType<typeof createKeyFile>>): Promise<boolean> {
  return verify(null, message, publicKeyPem(key.publicKey), await key.sign(message));
}

describe("a key file", () => {
  test.each([
    ["vouchers", /^voucher-[0-9a-f]{8}\.pem$/],
    ["documents", /^document-[0-9a-f]{8}\.pem$/],
    ["root", /^root\.pem$/],
  ] as const)("for %s is PKCS#8, readable by its owner alone, and opens again", async (use, name) => {
    const key = createKeyFile(folder, { use, taken });
    expect(readdirSync(folder)).toEqual([expect.stringMatching(name)]);
    const path = join(folder, keyFileName(key));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);

    const opened = openKeyFile(path, { use });
    expect([opened.use, toHex(opened.kid), toHex(opened.publicKey)]).toEqual([
      use,
      toHex(key.kid),
      toHex(key.publicKey),
    ]);
    expect(toHex(opened.kid)).toBe(toHex(keyId(opened.publicKey)));
    expect(await works(key)).toBe(true);
    expect(toHex(await opened.sign(message))).toBe(toHex(await key.sign(message)));
  });

  test("shows nothing private to whoever prints the key", () => {
    const key = createKeyFile(folder, { use: "vouchers", taken });
    const pem = readFileSync(join(folder, keyFileName(key)), "utf8");
    const seed = createPrivateKey(pem).export({ format: "der", type: "pkcs8" }).subarray(-32);
    const shown = JSON.stringify({ ...key, publicKey: toHex(key.publicKey), kid: toHex(key.kid) });
    expect(Object.keys(key).sort()).toEqual(["kid", "publicKey", "sign", "use"]);
    expect(shown).not.toContain(seed.toString("hex"));
  });

  test("with a passphrase opens with it alone", async () => {
    const key = createKeyFile(folder, { use: "vouchers", taken, passphrase: "tower bridge" });
    const path = join(folder, keyFileName(key));
    expect(readFileSync(path, "utf8")).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
    expect(await works(openKeyFile(path, { use: "vouchers", passphrase: "tower bridge" }))).toBe(true);
    expect(() => openKeyFile(path, { use: "vouchers", passphrase: "London bridge" })).toThrow(Error);
    expect(() => openKeyFile(path, { use: "vouchers" })).toThrow(Error);
  });

  test("is never written over", () => {
    createKeyFile(folder, { use: "root", taken });
    const before = readFileSync(join(folder, "root.pem"), "utf8");
    expect(() => createKeyFile(folder, { use: "root", taken })).toThrow(/EEXIST/);
    expect(readFileSync(join(folder, "root.pem"), "utf8")).toBe(before);
  });

  test("is drawn until its kid is new", () => {
    // all kids but those that begin with 0 are taken
    const crowded = { has: (kid: string) => !kid.startsWith("0") } as ReadonlySet<string>;
    expect(toHex(createKeyFile(folder, { use: "vouchers", taken: crowded }).kid)).toMatch(/^0/);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

describe("is not opened", () => {
  const ownFile = (pem: string): string => {
    const path = join(folder, "own.pem");
    writeFileSync(path, pem, { mode: 0o600 });
    return path;
  };

  test.each([0o604, 0o640, 0o660, 0o644, 0o620, 0o601])("readable by others: mode %o", (mode) => {
    const path = join(folder, keyFileName(createKeyFile(folder, { use: "vouchers", taken })));
    chmodSync(path, mode);
    expect(() => openKeyFile(path, { use: "vouchers" })).toThrow(/others/);
  });

  test.each(Object.entries(vectors.given.testKeys))("a published test key: %s", (_, { seed }) => {
    const pem = createPrivateKey({ key: pkcs8(fromHex(seed)), format: "der", type: "pkcs8" }).export({
      format: "pem",
      type: "pkcs8",
    });
    expect(() => openKeyFile(ownFile(String(pem)), { use: "vouchers" })).toThrow(/test key/);
  });

  test.each([
    ["another curve", () => generateKeyPairSync("ed448").privateKey.export({ format: "pem", type: "pkcs8" })],
    ["X25519", () => generateKeyPairSync("x25519").privateKey.export({ format: "pem", type: "pkcs8" })],
    [
      "P-256",
      () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "pem", type: "pkcs8" }),
    ],
    [
      "a public key",
      () => createPublicKey(generateKeyPairSync("ed25519").privateKey).export({ format: "pem", type: "spki" }),
    ],
    ["nothing", () => ""],
  ])("%s", (_, pem) => {
    expect(() => openKeyFile(ownFile(String(pem())), { use: "vouchers" })).toThrow(Error);
  });

  test("a file that is not there", () => {
    expect(() => openKeyFile(join(folder, "none.pem"), { use: "vouchers" })).toThrow(/ENOENT/);
  });
});

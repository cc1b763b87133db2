import { readRevocationList, readSign1, toHex } from "@doorproof/voucher/codec";
import { describe, expect, test } from "vitest";
import { fromHex } from "../../voucher/test/vector-files.ts";
import { type SigningKey, sealVoucher, signKeyList, signManifest, signRevocations } from "../src/index.ts";
import { DAY, NOW, vectorKey, vectors, watched } from "./keys-of-vectors.ts";

const root = vectorKey("root", "root");
const documentKey = vectorKey("document", "documents");
const voucherKey = vectorKey("voucher", "vouchers");
const issuer = "doorproof-test";

const keyList = {
  issuer,
  version: 1,
  issuedAt: NOW,
  expiresAt: NOW + DAY,
  grace: 0,
  keys: [{ use: "vouchers" as const, publicKey: voucherKey.publicKey, from: NOW, to: NOW + DAY }],
  roots: [],
};
const revocations = { issuer, version: 1, issuedAt: NOW, next: NOW + DAY, kids: [], ctis: [] };
const manifest = {
  issuer,
  route: "route-7",
  version: 1,
  issuedAt: NOW,
  expiresAt: NOW + DAY,
  country: "44",
  logN: 15,
  stops: [],
  revoked: new Uint8Array(),
};

const DOCUMENTS: Record<string, { signedBy: SigningKey["use"]; sign: (key: SigningKey) => Promise<Uint8Array> }> = {
  "a key list": { signedBy: "root", sign: (key) => signKeyList(keyList, { root: key }) },
  "a revocation list": { signedBy: "documents", sign: (key) => signRevocations(revocations, { key }) },
  "a manifest": { signedBy: "documents", sign: (key) => signManifest(manifest, { key }) },
};

describe.each(Object.entries(DOCUMENTS))("%s", (_, { signedBy, sign }) => {
  const keys = [root, documentKey, voucherKey];

  test.each(keys.filter(({ use }) => use !== signedBy))("is not signed by a key for $use", async (key) => {
    const other = watched(key);
    await expect(sign(other.key)).rejects.toThrow(Error);
    expect(other.asked()).toBe(0);
  });

  test("is not let out with one flipped bit", async () => {
    const key = keys.find(({ use }) => use === signedBy) as SigningKey;
    const faulty: SigningKey = {
      ...key,
      sign: async (bytes) => (await key.sign(bytes)).map((byte, i) => (i === 40 ? byte ^ 4 : byte)),
    };
    await expect(sign(faulty)).rejects.toThrow(Error);
    await expect(sign(key)).resolves.toBeInstanceOf(Uint8Array);
  });
});

test("revocations in any order, with repeats, go out sorted and once each", async () => {
  const kids = ["ffffffff", "00000001", "ffffffff"].map(fromHex);
  const ctis = ["7000000000000000", "0000000000000002", "ff00000000000000", "0000000000000002"].map(fromHex);
  const document = await signRevocations({ ...revocations, kids, ctis }, { key: documentKey });
  const list = readRevocationList(readSign1("revocations", document).payload);
  expect(toHex(list.kids)).toBe("00000001ffffffff");
  expect(toHex(list.ctis)).toBe("00000000000000027000000000000000ff00000000000000");
});

describe("seals", () => {
  const [first] = vectors.seals;
  if (!first || !("text" in first.expect)) throw new Error("the first seal of the vectors opens");
  const { text } = first.expect;
  const { deliveryId, salt, sealed } = first.stop;
  const wanted = { deliveryId, shortCode: first.typed, salt: fromHex(salt), logN: 15 };

  test("the vector's bytes", async () => {
    const seal = await sealVoucher(text, wanted);
    expect(toHex(seal.sealed)).toBe(sealed);
    expect(toHex(seal.salt)).toBe(salt);
  });

  test.each(["", "7KQ4M-2XN8", "7KQ4M-2XN8Q"])("under %j there is no seal: nobody could open it", async (shortCode) => {
    await expect(sealVoucher(text, { ...wanted, shortCode })).rejects.toThrow();
  });

  test("what is no voucher's text is not sealed", async () => {
    await expect(sealVoucher("DP2:000", wanted)).rejects.toThrow();
  });
});

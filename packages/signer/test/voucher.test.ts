import { expandVoucher, readText } from "@doorproof/voucher";
import { toHex } from "@doorproof/voucher/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex } from "../../voucher/test/vector-files.ts";
import { isTestKey, MAX_VOUCHER_LIFE, type SigningKey, signVoucher, type VoucherPolicy } from "../src/index.ts";
import { DAY, NOW, vectorKey, vectors, watched } from "./keys-of-vectors.ts";

const key = vectorKey("voucher", "vouchers");
const claims = { deliveryId: "RR123456785DE", expiresAt: NOW + DAY, cti: new Uint8Array(8), phoneHash: 7 };
const policy: VoucherPolicy = { key, now: NOW, until: NOW + 30 * DAY };

test.each(vectors.valid.filter(({ stages }) => stages.kid === toHex(key.kid)))(
  "the vector's text: $name",
  async ({ text, stages }) => {
    const { cti, ...rest } = stages.claims;
    const wide = { ...policy, now: rest.expiresAt - 1, until: rest.expiresAt };
    expect(await signVoucher({ ...rest, cti: fromHex(cti) }, wide)).toBe(text);
    expect(toHex(expandVoucher(readText(text)))).toBe(stages.coseSign1);
  },
);

test("every key of the vectors is on the deny-list", () => {
  for (const [name, { publicKey }] of Object.entries(vectors.given.testKeys))
    expect(isTestKey(fromHex(publicKey)), name).toBe(true);
  const rfc8032 = vectors.primitives.signatures.filter(({ source }) => source.startsWith("RFC 8032"));
  expect(rfc8032).toHaveLength(4);
  for (const { name, publicKey } of rfc8032) expect(isTestKey(fromHex(publicKey)), name).toBe(true);
  // TEST 1024, whose message is too long for the vectors
  expect(isTestKey(fromHex("278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e"))).toBe(true);
  expect(isTestKey(new Uint8Array(32))).toBe(false);
});

describe("how long a voucher lives", () => {
  const sign = (expiresAt: number, changed: Partial<VoucherPolicy> = {}) =>
    signVoucher({ ...claims, expiresAt }, { ...policy, ...changed });

  test.each([
    ["a second", NOW + 1, {}],
    ["seven days, by default", NOW + 7 * DAY, {}],
    ["as long as its key", NOW + DAY, { until: NOW + DAY }],
    ["longer, by policy", NOW + 20 * DAY, { maxLife: 20 * DAY }],
  ])("%s", async (_, expiresAt, changed) => {
    expect(await sign(expiresAt, changed)).toMatch(/^DP1:/);
  });

  test.each([
    ["no time at all", NOW, {}],
    ["already expired", NOW - 1, {}],
    ["a second over seven days", NOW + 7 * DAY + 1, {}],
    ["a second longer than its key", NOW + DAY + 1, { until: NOW + DAY }],
    ["longer than its key, whatever the policy", NOW + 40 * DAY, { maxLife: 400 * DAY }],
    ["a second over the policy", NOW + DAY + 1, { maxLife: DAY }],
    ["not a number", Number.NaN, {}],
    ["half a second", NOW + 0.5, {}],
    ["by a clock that is not a number", NOW + 1, { now: Number.NaN }],
    ["by a key whose end is not a number", NOW + 1, { until: Number.NaN }],
    ["by a policy that is not a number", NOW + 1, { maxLife: Number.NaN }],
  ])("not: %s", async (_, expiresAt, changed) => {
    await expect(sign(expiresAt, changed)).rejects.toThrow(RangeError);
  });

  test("seven days", () => {
    expect(MAX_VOUCHER_LIFE).toBe(7 * DAY);
  });
});

describe("a faulty key gives nothing away", () => {
  const answering = (change: (signature: Uint8Array) => Uint8Array): SigningKey => ({
    ...key,
    sign: async (bytes) => change(await key.sign(bytes)),
  });
  const flipped = (bit: number) =>
    answering((signature) => signature.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)));

  test("one flipped bit, any of 512: signing throws, and no text leaves", async () => {
    for (let bit = 0; bit < 512; bit++) {
      const answer = await signVoucher(claims, { ...policy, key: flipped(bit) }).then(
        (text) => ({ text }),
        (error: unknown) => ({ error }),
      );
      expect(answer, `bit ${bit}`).toEqual({ error: expect.any(Error) });
      expect(JSON.stringify(answer)).not.toContain("DP1:");
    }
  });

  test.each([
    ["nothing", () => new Uint8Array(0)],
    ["63 bytes", (signature: Uint8Array) => signature.subarray(0, 63)],
    ["65 bytes", (signature: Uint8Array) => Uint8Array.of(...signature, 0)],
    ["zeros", () => new Uint8Array(64)],
  ])("%s for a signature", async (_, change) => {
    await expect(signVoucher(claims, { ...policy, key: answering(change) })).rejects.toThrow(Error);
  });

  test("the length is looked at even where the self-check is off by policy", async () => {
    await expect(
      signVoucher(claims, { ...policy, selfCheck: false, key: answering(() => new Uint8Array(63)) }),
    ).rejects.toThrow(Error);
    await expect(signVoucher(claims, { ...policy, selfCheck: false })).resolves.toMatch(/^DP1:/);
  });

  test("a key that signs under another one's name", async () => {
    const other = vectorKey("brief", "vouchers");
    await expect(signVoucher(claims, { ...policy, key: { ...other, sign: key.sign } })).rejects.toThrow(Error);
  });

  test("a key store that is down", async () => {
    await expect(
      signVoucher(claims, { ...policy, key: { ...key, sign: () => Promise.reject(new Error("down")) } }),
    ).rejects.toThrow("down");
  });
});

test.each(["documents", "root"] as const)("a key for %s signs no voucher, and is not even asked", async (use) => {
  const other = watched({ ...key, use });
  await expect(signVoucher(claims, { ...policy, key: other.key })).rejects.toThrow(Error);
  expect(other.asked()).toBe(0);
});

test("claims that the format cannot carry are refused before the key is asked", async () => {
  const counted = watched(key);
  const wrong = fc.oneof(
    fc.record({ deliveryId: fc.string().filter((id) => !/^[!-~]{1,64}$/.test(id)) }),
    fc.record({ cti: fc.uint8Array().filter(({ length }) => length !== 8) }),
    fc.record({
      phoneHash: fc.oneof(fc.integer({ min: 4096 }), fc.integer({ max: -1 }), fc.double({ min: 0.1, max: 0.9 })),
    }),
  );
  await fc.assert(
    fc.asyncProperty(wrong, async (changed) => {
      await expect(signVoucher({ ...claims, ...changed }, { ...policy, key: counted.key })).rejects.toThrow(RangeError);
    }),
  );
  expect(counted.asked()).toBe(0);
});

import { Refusal, readText } from "@doorproof/voucher";
import { joinVoucher, splitVoucher, writePayload, writeText } from "@doorproof/voucher/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf, expectRefusal } from "../../voucher/test/refuses.ts";
import { fromHex } from "../../voucher/test/vector-files.ts";
import { type Question, readJwksKeys, verifyVoucher } from "../src/index.ts";
import { countingKeys, NOW, vectors } from "./world.ts";

// Steps 1 to 5 end in a voucher or a Refusal for every value of any type, and look at a signature at most once.

const { given, valid } = vectors;
const set = given.keySets["jwks"];
const keys = readJwksKeys(set && "jwks" in set ? set.jwks : null, { issuer: given.issuer });
const kid = [...keys.keys.keys()][0] ?? "";
const texts = valid.filter(({ question }) => question.keys === "jwks").map(({ text }) => text);
const question: Question = { keys, now: NOW, delivery: null };

/** `valid`, or the code; anything else thrown fails the test, and so do two signature checks. */
function verdict(text: unknown, says: boolean | null): string {
  const counted = countingKeys(keys, says);
  try {
    verifyVoucher(text, { ...question, keys: counted.keys });
    expect(counted.checks()).toBe(1);
    return "valid";
  } catch (error) {
    expect(counted.checks()).toBeLessThanOrEqual(1);
    return codeOf(error);
  }
}

const mutatedText = fc
  .tuple(fc.constantFrom(...texts), fc.nat(240), fc.string({ maxLength: 3 }), fc.nat(3))
  .map(([text, at, insert, remove]) => text.slice(0, at) + insert + text.slice(at + remove));
const mutatedBytes = fc
  .tuple(fc.constantFrom(...texts), fc.nat(151), fc.uint8Array({ maxLength: 2 }), fc.nat(2))
  .map(([text, at, insert, remove]) => {
    const bytes = readText(text);
    return writeText(Uint8Array.of(...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + remove)));
  });
const anyVoucher = fc.uint8Array({ maxLength: 160 }).map(writeText);
const anyPayload = fc
  .tuple(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.uint8Array({ minLength: 14, maxLength: 84 }))
  .map(([signature, payload]) => writeText(joinVoucher({ kid: fromHex(kid), signature, payload })));

describe("whatever is handed over", () => {
  test("values of any type", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withTypedArray: true,
          withMap: true,
          withNullPrototype: true,
          withObjectString: true,
        }),
        (value) => {
          expect(verdict(value, null)).toMatch(/^malformed: (text|base45|length)$/);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("bytes of any length, as a voucher's text", () => {
    fc.assert(
      fc.property(anyVoucher, (text) => void verdict(text, null)),
      { numRuns: 2000 },
    );
  });

  test("good vouchers altered in their text or their bytes are never valid", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.oneof(mutatedText, mutatedBytes), (text) => {
        const code = verdict(text, null);
        seen.add(code);
        // a mutation that changes nothing is the good voucher still
        if (!texts.includes(text)) expect(code).not.toBe("valid");
      }),
      { numRuns: 3000 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(["malformed: base45", "malformed: text", "bad-signature"]));
  });

  test("any payload, were its signature good", () => {
    fc.assert(
      fc.property(fc.oneof(anyPayload, mutatedBytes), (text) => {
        expect(verdict(text, true)).toMatch(/^(valid|expired|malformed: (payload|length|text))$/);
      }),
      { numRuns: 5000 },
    );
  });

  test("the counter counts: a key set that is asked twice would show", () => {
    const counted = countingKeys(keys, null);
    for (const text of texts.slice(0, 2))
      expect(() => verifyVoucher(text, { ...question, now: 0, keys: counted.keys })).not.toThrow();
    expect(counted.checks()).toBe(2);
  });
});

describe("what a refusal tells", () => {
  const [text = ""] = texts;

  test("nothing of the claims before the signature holds", () => {
    const forged = readText(text);
    forged[20] = (forged[20] ?? 0) ^ 1;
    const refusal = expectRefusal("bad-signature", () => verifyVoucher(writeText(forged), question));
    expect(refusal.claims).toBeUndefined();
    expect(refusal.facts).toEqual({ kid });
  });

  test("the claims and the time, once it holds", () => {
    const voucher = verifyVoucher(text, question);
    const { kid: id, cti, deliveryId, expiresAt } = voucher;
    const refusal = expectRefusal("expired", () => verifyVoucher(text, { ...question, now: expiresAt }));
    expect(refusal.claims).toEqual({ kid: id, cti, deliveryId, expiresAt });
    expect(refusal.facts).toEqual({ expiresAt });
  });

  test.each([
    ["wrong-delivery", { delivery: "ANOTHER" }, { expected: "ANOTHER" }],
    ["clock-behind", { seen: NOW + 301 }, { floor: NOW + 301 }],
    ["already-used", { used: () => ({ at: 7, where: "here" }) }, { at: 7, where: "here" }],
    ["no-manifest", { manifest: null }, {}],
    ["phone-mismatch", { phones: [] }, {}],
  ] as const)("%s", (code, asked, facts) => {
    expect(expectRefusal(code, () => verifyVoucher(text, { ...question, ...asked })).facts).toEqual(facts);
  });
});

describe("what must not be forgotten", () => {
  const [text = ""] = texts;

  const NO_TIMES = [null, Number.NaN, Number.POSITIVE_INFINITY, "1800000000", new Date(), -1, 2 ** 32, NOW + 0.5];

  test.each([undefined, ...NO_TIMES])("a clock that is %s", (now) => {
    expect(() => verifyVoucher(text, { ...question, now: now as number })).toThrow(RangeError);
    expect(() => verifyVoucher("no voucher", { ...question, now: now as number })).toThrow(RangeError);
  });

  test.each(NO_TIMES)("a local mark that is %s", (seen) => {
    expect(() => verifyVoucher(text, { ...question, seen: seen as number })).toThrow(RangeError);
  });

  test("a number that is no number shows whatever is scanned", () => {
    for (const scanned of [text, "no voucher"])
      expect(() => verifyVoucher(scanned, { ...question, phones: ["07700900123"] })).toThrow(RangeError);
  });

  test("a delivery left out compares with nothing", () => {
    expectRefusal("wrong-delivery", () => verifyVoucher(text, { keys, now: NOW } as unknown as Question));
  });
});

test("replay is keyed on (kid, cti): what `used` is asked with is what was signed", () => {
  const [one] = valid;
  const asked: unknown[] = [];
  verifyVoucher(one?.text, { ...question, used: (claims) => void asked.push(claims) });
  const { kid: id, cti, deliveryId, expiresAt } = one?.expect ?? {};
  expect(asked).toEqual([{ kid: id, cti, deliveryId, expiresAt }]);
});

test("a payload that an issuer's own code writes is never refused by a reader", () => {
  const signed = splitVoucher(readText(texts[0]));
  const claims = fc.record({
    deliveryId: fc.oneof(fc.uuid(), fc.stringMatching(/^[!-~]{1,64}$/)),
    expiresAt: fc.integer({ min: NOW + 1, max: 2 ** 32 - 1 }),
    cti: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    phoneHash: fc.option(fc.nat(4095)),
  });
  fc.assert(
    fc.property(claims, (claimed) => {
      const text = writeText(joinVoucher({ ...signed, payload: writePayload(claimed) }));
      const counted = countingKeys(keys, true);
      expect(verifyVoucher(text, { ...question, keys: counted.keys }).deliveryId).toBe(claimed.deliveryId);
    }),
    { numRuns: 1000 },
  );
});

test("Refusal is one class for every room", () => {
  expect(expectRefusal("malformed: text", () => verifyVoucher(null, question))).toBeInstanceOf(Refusal);
});

import { describe, expect, test } from "vitest";
import { fromHex } from "../../voucher/test/vector-files.ts";
import { deriveShortCode, drawCti } from "../src/index.ts";
import { vectors } from "./keys-of-vectors.ts";

const { codeSecret } = vectors.given;

test.each(vectors.shortCodes.derived)("$code", ({ secret, kid, cti, code }) => {
  expect(deriveShortCode(fromHex(secret), { kid: fromHex(kid), cti: fromHex(cti) })).toBe(code);
});

test.each(vectors.valid)("the code of a voucher: $name", ({ stages }) => {
  const code = deriveShortCode(fromHex(codeSecret), { kid: fromHex(stages.kid), cti: fromHex(stages.claims.cti) });
  expect(code).toBe(stages.shortCode);
});

describe("a nonce is drawn again while its code contains a listed word", () => {
  const secret = fromHex(codeSecret);
  const kid = new Uint8Array(4);
  const listed = findListed();

  function findListed(): Uint8Array {
    for (let i = 0; ; i++) {
      const cti = new Uint8Array(8);
      new DataView(cti.buffer).setUint32(0, i);
      if (/SEX|S3X/.test(deriveShortCode(secret, { kid, cti }))) return cti;
    }
  }

  test("once more", () => {
    const good = fromHex("0102030405060708");
    const draws = [listed, listed, good];
    const lengths: number[] = [];
    const random = (length: number) => {
      lengths.push(length);
      return draws.shift() ?? expect.unreachable("drawn too often");
    };
    expect(drawCti(secret, { kid, random })).toBe(good);
    expect(lengths).toEqual([8, 8, 8]);
  });

  test("rarely: less than one code in 100", () => {
    let draws = 0;
    for (let i = 0; i < 5000; i++) {
      drawCti(secret, {
        kid,
        random: () => {
          const cti = new Uint8Array(8);
          new DataView(cti.buffer).setUint32(4, draws++);
          return cti;
        },
      });
    }
    expect(draws).toBeGreaterThan(5000);
    expect(draws).toBeLessThan(5050);
  });
});

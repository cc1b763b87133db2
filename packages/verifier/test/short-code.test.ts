import { formatShortCode } from "@doorproof/voucher";
import { CODE_ALPHABET } from "@doorproof/voucher/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf, expectRejection } from "../../voucher/test/refuses.ts";
import { fromHex } from "../../voucher/test/vector-files.ts";
import { openShortCode, type Scrypt } from "../src/index.ts";
import { nodeScrypt } from "./node-scrypt.ts";
import { vectors } from "./world.ts";

const [seal] = vectors.seals;
if (!seal || !("text" in seal.expect)) throw new Error("the first seal of the vectors opens");
const { deliveryId, salt, sealed } = seal.stop;
const stop = { deliveryId, salt: fromHex(salt), sealed: fromHex(sealed), label: null, window: null };
const code = seal.typed.replace("-", "");
const { text } = seal.expect;

const never: Scrypt = () => expect.unreachable("a slip of the finger cost a KDF run");
const open = (typed: unknown, scrypt: Scrypt) => openShortCode(typed, { stop, logN: 15, scrypt });

describe("a slip costs no KDF run", () => {
  test("every single character for another", async () => {
    for (let place = 0; place < 10; place++) {
      for (const wrong of CODE_ALPHABET) {
        if (wrong !== code[place])
          await expectRejection("code-mistyped", () => open(replace(code, place, wrong), never));
      }
    }
  });

  test("every two characters exchanged", async () => {
    for (let first = 0; first < 10; first++) {
      for (let second = first + 1; second < 10; second++) {
        const [a = "", b = ""] = [code[first], code[second]];
        if (a !== b)
          await expectRejection("code-mistyped", () => open(replace(replace(code, first, b), second, a), never));
      }
    }
  });

  test("whatever is no code", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), fc.string({ maxLength: 12 })), async (typed) => {
        await expectRejection("code-mistyped", () => open(typed, never));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a code costs one", () => {
  /** Fast, for counting: real opening is in the vectors. */
  function counting(answer: () => Promise<Uint8Array>): { scrypt: Scrypt; runs: () => number } {
    let runs = 0;
    return {
      scrypt: () => {
        runs++;
        return answer();
      },
      runs: () => runs,
    };
  }

  test("right", async () => {
    let runs = 0;
    const opened = await open(code, (input) => {
      runs++;
      expect(input.N).toBe(32768);
      expect(input.salt.length).toBe(17 + 16);
      expect(new TextDecoder().decode(input.password)).toBe(code);
      return nodeScrypt(input);
    });
    expect(opened).toBe(text);
    expect(runs).toBe(1);
  });

  test("wrong", async () => {
    const kdf = counting(() => Promise.resolve(new Uint8Array(32)));
    await expectRejection("wrong-code", () => open("7KQ4M-2XN8P", kdf.scrypt));
    expect(kdf.runs()).toBe(1);
  });

  test.each([
    ["rejects", () => Promise.reject(new RangeError("memory"))],
    [
      "throws before it answers",
      () => {
        throw new RangeError("memory");
      },
    ],
  ])("and cannot-open if the KDF %s", async (_, answer) => {
    const kdf = counting(answer);
    await expectRejection("cannot-open", () => open(formatShortCode(code), kdf.scrypt));
    expect(kdf.runs()).toBe(1);
  });

  test("whatever is sealed: a voucher or a Refusal", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const kdf = counting(() => Promise.resolve(new Uint8Array(32)));
        const outcome = await openShortCode(code, {
          stop: { ...stop, sealed: bytes },
          logN: 15,
          scrypt: kdf.scrypt,
        }).catch(codeOf);
        expect(outcome).toBe("wrong-code");
        expect(kdf.runs()).toBe(1);
      }),
    );
  });
});

function replace(whole: string, place: number, character: string): string {
  return whole.slice(0, place) + character + whole.slice(place + 1);
}

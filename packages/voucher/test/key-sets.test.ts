import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCoseKeySet, readJwks, toHex, writeCoseKeySet } from "../src/codec.ts";
import { writeJwks } from "../src/index.ts";
import { onlyLength } from "./only-length.ts";
import { expectRefusal } from "./refuses.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe("bare key sets", () => {
  const keys = fc.uniqueArray(bytes(32), { maxLength: 20, selector: toHex });

  test("what is written is read", () => {
    fc.assert(
      fc.property(keys, (publicKeys) => {
        expect(readJwks(JSON.parse(JSON.stringify(writeJwks("issuer", publicKeys))))).toEqual(publicKeys);
        expect(readCoseKeySet(writeCoseKeySet(publicKeys))).toEqual(publicKeys);
      }),
    );
  });

  test("whatever JSON, keys or malformed", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ keys: fc.jsonValue() }),
          fc.record({
            keys: fc.array(
              fc.record({
                kty: fc.constant("OKP"),
                crv: fc.constant("Ed25519"),
                x: fc.jsonValue(),
                kid: fc.jsonValue(),
              }),
              { minLength: 1 },
            ),
          }),
        ),
        (value) => {
          const read = attempt(() => readJwks(value));
          if (read) expect(Array.isArray(read)).toBe(true);
        },
      ),
    );
  });

  test("whatever bytes, keys or malformed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (value) => void attempt(() => readCoseKeySet(value))),
      { numRuns: 3000 },
    );
  });

  test("a set over 64 KiB is not read", () => {
    expectRefusal("malformed: keys", () => readCoseKeySet(onlyLength(64 * 1024 + 1)));
  });

  function attempt<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      expectRefusal("malformed: keys", () => {
        throw error;
      });
      return undefined;
    }
  }
});

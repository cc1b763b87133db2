import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashPhone, readPhone } from "../src/index.ts";

test("the hash is the top 12 bits of the HMAC, for any number", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\+[1-9][0-9]{6,14}$/), (number) => {
      const mac = createHmac("sha256", "doorproof-phone-v1").update(number).digest();
      expect(hashPhone(number)).toBe(Number.parseInt(mac.toString("hex").slice(0, 3), 16));
    }),
    { numRuns: 500 },
  );
});

test("tells another number from it, 4,095 times of 4,096", () => {
  const right = hashPhone("+447700900000");
  const same = Array.from({ length: 1000 }, (_, i) => `+447700900${String(i).padStart(3, "0")}`).filter(
    (number) => hashPhone(number) === right,
  );
  expect(same.length).toBeLessThan(8);
});

test.each([
  "",
  "+",
  "447700900123",
  "+0447700900123",
  "+123456",
  "+1234567890123456",
  "+44 7700 900123",
  "+44770090012a",
  "+447700900123\n",
  "+４４７７００９００１２３",
])("no number of E.164: %j", (number) => {
  expect(() => hashPhone(number)).toThrow(RangeError);
});

describe("what a person types", () => {
  test.each([
    // as typed with a plus, whatever the route's country is
    ["+447700900123", "49", ["+447700900123"]],
    ["+44 7700 900-123", "49", ["+447700900123"]],
    ["+44 (7700) 900.123", "44", ["+447700900123"]],
    ["＋４４７７００９００１２３", "44", ["+447700900123"]],
    // nationally: without its 0, and with it where a country keeps it
    ["07700 900123", "44", ["+447700900123", "+4407700900123"]],
    ["7700900123", "44", ["+447700900123"]],
    ["06 1234 5678", "39", ["+39612345678", "+390612345678"]],
    ["0171/1234567", "49", ["+491711234567", "+4901711234567"]],
    ["07700–900123", "44", ["+447700900123", "+4407700900123"]],
    // nothing that could be a number
    ["", "44", []],
    ["0", "44", []],
    ["call me", "44", []],
    ["12", "44", []],
    ["+", "44", []],
    ["07700900123 ext 4", "44", []],
    ["1".repeat(40), "44", []],
    // no text, or more than anybody types
    [undefined, "44", []],
    [null, "44", []],
    [7_700_900_123, "44", []],
    [["+447700900123"], "44", []],
    [`+447700900123${" ".repeat(51)}`, "44", ["+447700900123"]],
    [`+447700900123${" ".repeat(52)}`, "44", []],
    [`+447700900123${" ".repeat(5_000_000)}`, "44", []],
  ])("%j in country %s", (typed, country, numbers) => {
    expect(readPhone(typed, country)).toEqual(numbers);
  });

  test("whatever it is, only numbers come out", () => {
    const anything = fc.oneof(fc.string({ unit: "binary" }), fc.anything());
    fc.assert(
      fc.property(anything, (typed) => {
        for (const number of readPhone(typed, "44")) expect(() => hashPhone(number)).not.toThrow();
      }),
    );
  });
});

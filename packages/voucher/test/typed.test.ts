import fc from "fast-check";
import { expect, test } from "vitest";
import { foldTyped } from "../src/codec.ts";

const EVERY_UNIT = Array.from({ length: 0x10000 }, (_, unit) => unit);
const LISTED = [
  ...[0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xa0, 0x202f, 0x205f, 0x3000],
  ...[0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a],
  ...[0x2d, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212],
];

test("the listed spaces and hyphens are dropped, and of full width the hyphen", () => {
  const dropped = EVERY_UNIT.filter((unit) => foldTyped(String.fromCharCode(unit)) === "");
  expect(dropped).toEqual([...LISTED, 0xff0d].sort((a, b) => a - b));
});

test("full-width characters are ASCII, and nothing else becomes another character", () => {
  const changed = EVERY_UNIT.filter(
    (unit) => !["", String.fromCharCode(unit)].includes(foldTyped(String.fromCharCode(unit))),
  );
  const wide = Array.from({ length: 0x5e }, (_, i) => 0xff01 + i).filter((unit) => unit !== 0xff0d);
  expect(changed).toEqual(wide);
  expect(wide.map((unit) => foldTyped(String.fromCharCode(unit))).join("")).toMatch(/^[!-,.-~]{93}$/);
});

test("what was folded is folded, and characters beyond U+FFFF stay as they are", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (typed) => {
      const folded = foldTyped(typed);
      expect(foldTyped(folded)).toBe(folded);
      expect(folded.match(/[\u{10000}-\u{10ffff}]/gu)).toEqual(typed.match(/[\u{10000}-\u{10ffff}]/gu));
    }),
  );
});

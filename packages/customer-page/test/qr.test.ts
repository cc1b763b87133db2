import { describe, expect, test } from "vitest";
import { qrShape, renderQrPng, renderQrSvg } from "../src/index.ts";
import { readQrCodes } from "./read-qr.ts";
import { longestText, voucherText } from "./views.ts";

test("a voucher of a 13-character delivery ID is drawn as 6-M, 41x41", () => {
  expect(voucherText).toHaveLength(154);
  expect(qrShape(voucherText)).toEqual({ version: 6, size: 41, level: "M" });
});

describe("size by length, in one alphanumeric segment at level M", () => {
  test.each<[length: number, version: number]>([
    [154, 6], // 6-M holds 154: one character more does not fit
    [155, 7],
    [178, 7],
    [179, 8],
    [232, 9],
  ])("%i characters: version %i", (length, version) => {
    // Digits alone, which a library left to choose would put in numeric mode and a smaller code.
    expect(qrShape(`DP1:${"7".repeat(length - 4)}`).version).toBe(version);
  });
});

describe.each([
  ["13-character ID", voucherText, "6"],
  ["longest", longestText, "9"],
  ["every character of the alphabet", "DP1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", "3"],
])("%s", (_, text, version) => {
  test("its PNG is read by an independent reader", async () => {
    expect(await readQrCodes(await renderQrPng(text))).toEqual([{ text, ecLevel: "M", version }]);
  });
});

test("four light modules stand around the SVG's dark ones", () => {
  const svg = renderQrSvg(voucherText);
  expect(svg).toContain('viewBox="0 -.5 49 49"');
  expect(svg).toContain('<path fill="#fff" d="M0-.5h49v49H0z"/>');
  const rows = [...svg.matchAll(/M(\d+) (\d+)((?:h\d+|m\d+ 0)+)/g)].map(([, x, y, strokes = ""]) => ({
    left: Number(x),
    y: Number(y),
    right: Number(x) + [...strokes.matchAll(/[hm](\d+)/g)].reduce((sum, [, length]) => sum + Number(length), 0),
  }));
  expect(rows.map(({ y }) => y)).toEqual(Array.from({ length: 41 }, (_, y) => y + 4));
  expect(Math.min(...rows.map(({ left }) => left))).toBe(4);
  expect(Math.max(...rows.map(({ right }) => right))).toBe(45);
});

test.each(["", "dp1:abc", "DP1:A#", "DP1:Ä", "DP1:A\n"])("%j is refused: the mode cannot carry it", async (text) => {
  expect(() => renderQrSvg(text)).toThrow(RangeError);
  expect(() => qrShape(text)).toThrow(RangeError);
  await expect(renderQrPng(text)).rejects.toThrow(RangeError);
});

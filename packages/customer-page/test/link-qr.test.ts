import { expect, test } from "vitest";
import { renderLinkQr } from "../src/index.ts";
import { readQrCodes } from "./read-qr.ts";

const LINK = "https://doorproof.example/driver/#gk3Tt0m1mDkq7b9vWn2xQA";

test("a link is read by an independent reader as it was drawn, small letters and # included", async () => {
  const svg = renderLinkQr(LINK, "Enrolment link");
  expect(svg).toContain('aria-label="Enrolment link"');
  expect(await readQrCodes(paint(svg))).toEqual([{ text: LINK, ecLevel: "M", version: "4" }]);
});

test.each(["", "https://a b", "https://ä.example", "https://a\n"])("%j is refused", (link) => {
  expect(() => renderLinkQr(link)).toThrow(RangeError);
});

/** The path's runs as a picture (PGM), 8 pixels a module. */
function paint(svg: string): Uint8Array {
  const scale = 8;
  const side = Number(/viewBox="0 -.5 (\d+)/.exec(svg)?.[1]) * scale;
  const pixels = Buffer.alloc(side * side, 255);
  for (const [, left, y, strokes = ""] of svg.matchAll(/M(\d+) (\d+)((?:h\d+|m\d+ 0)+)/g)) {
    let x = Number(left) * scale;
    for (const [, pen, length] of strokes.matchAll(/([hm])(\d+)/g)) {
      const end = x + Number(length) * scale;
      for (let row = Number(y) * scale; pen === "h" && row < (Number(y) + 1) * scale; row++)
        pixels.fill(0, row * side + x, row * side + end);
      x = end;
    }
  }
  return Buffer.concat([Buffer.from(`P5 ${side} ${side} 255\n`), pixels]);
}

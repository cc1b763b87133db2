import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launchChromium } from "../../../tools/chromium.ts";

// public/icon.svg as the PNGs that phones ask for. Run by hand after a change of the drawing: node
// apps/driver/test/draw-icons.ts

const PUBLIC = join(import.meta.dirname, "..", "public");

/**
 * Of a maskable icon a phone may cut off everything outside a circle of 80 %, so its ground goes to the edge and its
 * drawing does not.
 */
const ICONS = [
  { name: "icon-180.png", size: 180, square: true, scale: 0.92 },
  { name: "icon-192.png", size: 192, square: false, scale: 1 },
  { name: "icon-512.png", size: 512, square: false, scale: 1 },
  { name: "icon-maskable-512.png", size: 512, square: true, scale: 0.8 },
] as const;

const svg = await readFile(join(PUBLIC, "icon.svg"), "utf8");
const browser = await launchChromium();
for (const { name, size, square, scale } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const ground = square ? "#0a4f43" : "transparent";
  await page.setContent(
    `<style>*{margin:0}body{width:${size}px;height:${size}px;display:grid;place-items:center;background:${ground}}svg{width:${size * scale}px}</style>${svg}`,
  );
  await writeFile(join(PUBLIC, name), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();

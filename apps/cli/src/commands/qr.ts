import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { readText } from "@doorproof/voucher";
import QRCode from "qrcode";
import type { Declare } from "../command.ts";
import { Failure } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/** ISO/IEC 18004 asks for four light modules around. */
const QUIET_ZONE = 4;

export const declare: Declare = (command, { terminal }) => {
  command
    .argument("<text>", "the voucher, in single quotes")
    .option("-o, --output <file>", "draw into FILE.svg or FILE.png")
    .addHelpText("after", EXAMPLES)
    .action((text: string, options: { readonly output?: string }) => drawQr(text, options.output, terminal));
};

const EXAMPLES = `
Examples:
  doorproof qr 'DP1:…'
  doorproof qr 'DP1:…' -o voucher.svg

One alphanumeric segment, error correction M. In the terminal it brings its own white ground, dark theme or light.`;

async function drawQr(text: string, output: string | undefined, terminal: Terminal): Promise<void> {
  // Whoever scans it should not be the first to see that it is no voucher.
  readText(text);
  // One stated segment: left to choose, the library splits the text into modes, and the size changes from voucher to voucher.
  const segments = [{ mode: "alphanumeric", data: text } as const];
  if (output === undefined) {
    const { modules } = QRCode.create(segments, { errorCorrectionLevel: "M" });
    await printQr(modules, terminal, "draw into a file: -o voucher.svg");
    if (!terminal.hasColour) terminal.hint("drawn for a dark ground, without colours; -o voucher.svg is sure to scan");
    return;
  }
  const options = { errorCorrectionLevel: "M", margin: QUIET_ZONE } as const;
  const ending = extname(output).toLowerCase();
  if (ending === ".svg") await writeFile(output, await QRCode.toString(segments, { ...options, type: "svg" }));
  else if (ending === ".png")
    await writeFile(output, await QRCode.toBuffer(segments, { ...options, type: "png", scale: 12 }));
  else throw new Failure("usage", `${output}: a picture's name ends in .svg or .png`);
  terminal.say(`drawn into ${output}`);
}

/** @param hint what else can be done where the terminal is too narrow */
export async function printQr(
  { size, data }: { size: number; data: Uint8Array },
  terminal: Terminal,
  hint: string,
): Promise<void> {
  const side = size + 2 * QUIET_ZONE;
  if (terminal.columns !== undefined && terminal.columns < side) {
    throw new Failure("inputOutput", `the code is ${side} columns wide, the terminal ${terminal.columns}`, hint);
  }
  const isDark = (x: number, y: number) => {
    const inside = x >= QUIET_ZONE && y >= QUIET_ZONE && x < size + QUIET_ZONE && y < size + QUIET_ZONE;
    return inside && data[(y - QUIET_ZONE) * size + x - QUIET_ZONE] === 1;
  };
  // Two rows of modules a line of text, each light half painted. An odd last row gets a light one below: a half line would be the theme's.
  for (let y = 0; y < side; y += 2) {
    const halves = Array.from({ length: side }, (_, x) => HALVES[Number(isDark(x, y)) * 2 + Number(isDark(x, y + 1))]);
    await terminal.print(
      terminal.hasColour ? `${BLACK_ON_WHITE}${halves.join("")}${RESET}` : halves.join("").replace(/./g, invert),
    );
  }
}

/** By the upper and the lower module, dark on the terminal's ground: none, lower, upper, both. */
const HALVES = [" ", "▄", "▀", "█"] as const;

// Both colours are said, from the fixed part of the 256: themes repaint the first sixteen, and a terminal's ground is anybody's guess.
const BLACK_ON_WHITE = "\u001b[38;5;16;48;5;231m";
const RESET = "\u001b[0m";

/** Without colours the light modules are drawn, on a ground that most terminals keep dark. */
function invert(half: string): string {
  return HALVES[3 - HALVES.indexOf(half as (typeof HALVES)[number])] ?? half;
}

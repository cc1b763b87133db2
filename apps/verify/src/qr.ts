import { Failure } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** ISO/IEC 18004 asks for four light modules around. */
export const QUIET_ZONE = 4;

/**
 * Draws a QR code into a terminal, in characters that are half a module high.
 * @param hint what else can be done where the terminal is too narrow
 */
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
  // A line of text has two rows of modules. An odd last row gets a light one below it, or that half would have the
  // theme's colour.
  for (let y = 0; y < side; y += 2) {
    const halves = Array.from({ length: side }, (_, x) => HALVES[Number(isDark(x, y)) * 2 + Number(isDark(x, y + 1))]);
    await terminal.print(
      terminal.hasColour ? `${BLACK_ON_WHITE}${halves.join("")}${RESET}` : halves.join("").replace(/./g, invert),
    );
  }
}

/** By the upper and the lower module, dark on the terminal's ground: none, lower, upper, both. */
const HALVES = [" ", "▄", "▀", "█"] as const;

// Both colours are set, from the fixed ones of the 256: themes change the first sixteen and the background.
const BLACK_ON_WHITE = "\u001b[38;5;16;48;5;231m";
const RESET = "\u001b[0m";

/** Without colours the light modules are drawn, on a ground that most terminals keep dark. */
function invert(half: string): string {
  return HALVES[3 - HALVES.indexOf(half as (typeof HALVES)[number])] ?? half;
}

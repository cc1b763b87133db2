import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { readText } from "@doorproof/voucher";
import QRCode from "qrcode";
import type { Declare } from "../command.ts";
import { Failure } from "../exit.ts";
import { printQr, QUIET_ZONE } from "../qr.ts";
import type { Terminal } from "../terminal.ts";

export const declare: Declare = (command, { program, terminal }) => {
  command
    .argument("<text>", "the voucher, in single quotes")
    .option("-o, --output <file>", "draw into FILE.svg or FILE.png")
    .addHelpText("after", examples(program))
    .action((text: string, options: { readonly output?: string }) => drawQr(text, options.output, terminal));
};

const examples = (program: string) => `
Examples:
  ${program} qr 'DP1:…'
  ${program} qr 'DP1:…' -o voucher.svg

One alphanumeric segment, error correction M. In the terminal it brings its own white ground, dark theme or light.`;

async function drawQr(text: string, output: string | undefined, terminal: Terminal): Promise<void> {
  // Checked here, so that nobody draws a QR code of something that is no voucher.
  readText(text);
  // One stated segment: left to choose, the library splits the text into modes, and the size changes from voucher to
  // voucher.
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

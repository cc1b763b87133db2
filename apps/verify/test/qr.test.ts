import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import { Failure } from "../src/exit.ts";
import { buildCommand } from "../src/program.ts";
import { openTerminal } from "../src/terminal.ts";
import { VERIFY_VERBS } from "../src/verbs.ts";

const wasm = readFileSync(fileURLToPath(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm")));
prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasm).buffer } });

const VOUCHER =
  "DP1:ETKZPE0X3+AFZGI-5M0BGO21P4K4 7Q16ABP+03V1WNLGM4N%96W4P10T8YB.FCB-0:FMX:VP*D.4C.BPJCT7.V7+P7YJ7S0V65J+NGXGEIA*96DL6WW66:61X65X8IPDRZEC79685MZGDQQQID$.1";

const folder = mkdtempSync(join(tmpdir(), "doorproof-qr-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Black on white out of the fixed part of the 256 colours, both said. */
const PAINT = "\u001b[38;5;16;48;5;231m";
const RESET = "\u001b[0m";

describe("in a terminal", () => {
  it.each(["dark", "light"] as const)("is read on a %s ground, because it brings its own", async (ground) => {
    const lines = await draw([VOUCHER], { isTTY: true, columns: 80 });
    for (const line of lines) expect([line.startsWith(PAINT), line.endsWith(RESET)]).toEqual([true, true]);
    const glyphs = lines.map((line) => line.slice(PAINT.length, -RESET.length));
    expect(await readGlyphs(glyphs, { ink: 0, paper: 255, ground: ground === "dark" ? 0 : 255 })).toEqual([
      { text: VOUCHER, ecLevel: "M", version: "6" },
    ]);
  });

  it.each([
    ["NO_COLOR", { NO_COLOR: "1" }, { isTTY: true, columns: 80 }],
    ["no terminal", {}, {}],
  ])("%s: drawn in light on the dark ground that most have", async (_, environment, stdout) => {
    const lines = await draw([VOUCHER], stdout, environment);
    expect(lines.join("")).toMatch(/^[ ▄▀█]+$/);
    expect(await readGlyphs(lines, { ink: 255, paper: 0, ground: 0 })).toHaveLength(1);
  });

  it("is refused where it would be broken by the margin", async () => {
    await expect(draw([VOUCHER], { isTTY: true, columns: 48 })).rejects.toThrow(Failure);
  });
});

describe("into a file", () => {
  it("PNG", async () => {
    const path = join(folder, "v.png");
    await draw([VOUCHER, "-o", path], {});
    const found = await readBarcodes(new Uint8Array(readFileSync(path)), { formats: ["QRCode"] });
    expect(found.map(({ text, ecLevel, version }) => ({ text, ecLevel, version }))).toEqual([
      { text: VOUCHER, ecLevel: "M", version: "6" },
    ]);
  });

  it("SVG: its own white ground, four modules of quiet around 41", async () => {
    const path = join(folder, "v.svg");
    await draw([VOUCHER, "-o", path], {});
    expect(readFileSync(path, "utf8")).toMatch(/viewBox="0 0 49 49".*<path fill="#ffffff" d="M0 0h49v49H0z"\/>/);
  });
});

async function draw(words: readonly string[], stdout: object, environment: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const out = Object.assign(new PassThrough(), stdout);
  const program = "doorproof-verify";
  const command = await buildCommand(
    { description: "", version: "0", verbs: VERIFY_VERBS, help: "", errors: {} },
    {
      program,
      terminal: openTerminal({ program, stdout: out, stderr: new PassThrough(), environment }),
      environment,
      threads: 1,
      now: () => 0,
      input: new PassThrough(),
      inputIsTerminal: false,
      exit: () => {},
    },
    { verb: "qr" },
  );
  await command.parseAsync(["qr", ...words], { from: "user" });
  out.end();
  return (await readAll(out)).trimEnd().split("\n");
}

const PIXELS = 4;

/** A picture of the terminal: two modules a glyph, one above the other, and a margin of the terminal's own ground. */
async function readGlyphs(
  lines: readonly string[],
  { ink, paper, ground }: { ink: number; paper: number; ground: number },
) {
  const width = ((lines[0]?.length ?? 0) + 8) * PIXELS;
  const height = (lines.length * 2 + 8) * PIXELS;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [Math.floor((i % width) / PIXELS) - 4, Math.floor(i / width / PIXELS) - 4];
    const glyph = lines[y >> 1]?.[x];
    const isInk = glyph === "█" || glyph === (y % 2 === 0 ? "▀" : "▄");
    data.fill(glyph === undefined ? ground : isInk ? ink : paper, i * 4, i * 4 + 3);
  }
  const found = await readBarcodes({ data, width, height, colorSpace: "srgb" } as ImageData, {
    formats: ["QRCode"],
    tryInvert: false,
  });
  return found.map(({ text, ecLevel, version }) => ({ text, ecLevel, version }));
}

import QRCode from "qrcode";
import { html } from "./html.ts";

/** ISO/IEC 18004: with fewer light modules around it, scanners do not find it on a dark page. */
const QUIET_ZONE = 4;

/** Pixels a module. Whole pixels, so that no module of the saved picture is blurred. */
const PNG_SCALE = 12;

export type QrShape = { version: number; size: number; level: "M" };

/** @returns the version (1 to 40) and the modules on a side, quiet zone not counted */
export function qrShape(text: string): QrShape {
  const { version, modules } = draw(text);
  return { version, size: modules.size, level: "M" };
}

/**
 * One `<svg>` with its own white ground, fit for inlining and for a file. It has no width: the place decides.
 * @param label what a screen reader says in its place; none in a file
 */
export function renderQrSvg(text: string, label?: string): string {
  return toSvg(draw(text), label);
}

/**
 * A link, drawn in the same way: for the dispatcher's screen, from which a driver's phone reads it.
 * @param link visible ASCII
 */
export function renderLinkQr(link: string, label?: string): string {
  if (!/^[!-~]+$/.test(link)) throw new RangeError("a link is visible ASCII");
  const segments = [{ mode: "byte", data: new TextEncoder().encode(link) } as const];
  return toSvg(QRCode.create(segments, { errorCorrectionLevel: "M" }), label);
}

function toSvg({ modules }: QRCode.QRCode, label: string | undefined): string {
  const side = modules.size + 2 * QUIET_ZONE;
  const name = label === undefined ? html`` : html` aria-label="${label}"`;
  // The view starts half a module up, so that a stroke along the middle of a row has whole numbers.
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -.5 ${side} ${side}" shape-rendering="crispEdges" role="img"${name}>\
<path fill="#fff" d="M0-.5h${side}v${side}H0z"/><path stroke="#000" d="${darkRuns(modules)}"/></svg>`.markup;
}

/** The same as a picture to keep: black on white, 12 pixels a module. */
export async function renderQrPng(text: string): Promise<Uint8Array> {
  return QRCode.toBuffer(segments(text), {
    type: "png",
    errorCorrectionLevel: "M",
    margin: QUIET_ZONE,
    scale: PNG_SCALE,
    // zlib's default strategy: the library asks for run-length encoding only, whose pictures are a third larger.
    rendererOpts: { deflateLevel: 9, deflateStrategy: 0 },
  });
}

function draw(text: string): QRCode.QRCode {
  return QRCode.create(segments(text), { errorCorrectionLevel: "M" });
}

// One stated segment. Left to choose, the library splits the text into modes by its content, and the size of the same
// kind of voucher changes from one to the next. It does not check the alphabet of a stated segment: it would draw
// rubbish.
function segments(text: string): QRCode.QRCodeSegment[] {
  if (!/^[0-9A-Z $%*+\-./:]+$/.test(text))
    throw new RangeError("a QR in alphanumeric mode carries base45 characters only");
  return [{ mode: "alphanumeric", data: text }];
}

// Row by row, each run of dark modules from the end of the one before: half the size of naming every place.
function darkRuns({ size, data }: { size: number; data: Uint8Array }): string {
  const rows = Array.from({ length: size }, (_, y) => data.subarray(y * size, (y + 1) * size).join(""));
  return rows
    .map((row, y) => `M${QUIET_ZONE} ${y + QUIET_ZONE}${row.replace(/0+$/, "").replace(/0+|1+/g, stroke)}`)
    .join("");
}

function stroke(run: string): string {
  return run.startsWith("1") ? `h${run.length}` : `m${run.length} 0`;
}

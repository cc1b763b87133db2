import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const wasm = readFileSync(fileURLToPath(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm")));

// Left alone it would fetch its code from the network. The copy is a buffer of its own: a file read may be a view of a
// pool.
prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasm).buffer } });

/** What an independent reader sees in a PNG: every QR code, with its level and version. */
export async function readQrCodes(png: Uint8Array): Promise<{ text: string; ecLevel: string; version: string }[]> {
  const found = await readBarcodes(png, { formats: ["QRCode"] });
  return found.map(({ text, ecLevel, version }) => ({ text, ecLevel, version }));
}

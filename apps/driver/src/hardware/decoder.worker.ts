import { ascii } from "@doorproof/voucher/codec";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";
import type { Picture, Reading } from "./decoder-messages.ts";

// By itself the library fetches its wasm from another server at run time, which fails offline and under our policy. In
// the page that is one file the address is a data URL, which must be decoded here, since that page's policy forbids
// every fetch.
const [, inside] = wasmUrl.split("data:application/wasm;base64,");
const started = prepareZXingModule({
  overrides:
    inside === undefined
      ? { locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? wasmUrl : prefix + path) }
      : { wasmBinary: ascii(atob(inside)).buffer },
  fireImmediately: true,
});

self.addEventListener("message", async ({ data: { id, picture } }: MessageEvent<Picture>) => {
  const texts = await read(picture);
  picture.close();
  self.postMessage({ id, texts } satisfies Reading);
});

async function read(picture: ImageBitmap): Promise<readonly string[] | null> {
  try {
    await started;
  } catch {
    return null; // the wasm was not loaded: the module stays broken until there is a new worker
  }
  const pixels = pixelsOf(picture);
  // The library's defaults also try turned, inverted and smaller pictures. They are needed: screens in dark mode are
  // inverted, and without them 20 of 192 test frames are not read.
  const found = await readBarcodes(pixels, { formats: ["QRCode"] });
  return found.filter(({ isValid }) => isValid).map(({ text }) => text);
}

let canvas: OffscreenCanvas | undefined;

function pixelsOf(picture: ImageBitmap): ImageData {
  const { width, height } = picture;
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no 2d context");
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, width, height);
}

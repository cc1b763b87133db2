import { ascii } from "@doorproof/voucher/codec";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";
import type { Picture, Reading } from "./decoder-messages.ts";

// Left alone the library would fetch its wasm from a network of others at run time: no decoder offline, and none under the policy. In a
// page that is one file the address is the wasm itself, and the policy lets nothing be fetched, not even that.
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
    return null; // the wasm did not arrive: the module stays broken until the worker is made anew
  }
  const pixels = pixelsOf(picture);
  // The defaults try harder, turned, inverted and smaller: a dark-mode screen is inverted, and without them 20 of 192 test frames are lost.
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

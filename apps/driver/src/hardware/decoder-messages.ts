// What the page and the decoder's worker say to each other (camera.ts, decoder.worker.ts).

/** A picture to be searched. It is handed over, not copied. */
export interface Picture {
  readonly id: number;
  readonly picture: ImageBitmap;
}

/** The texts of all QR codes in the picture; null: the decoder itself did not start, and this worker never will. */
export interface Reading {
  readonly id: number;
  readonly texts: readonly string[] | null;
}

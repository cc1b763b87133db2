// The messages between camera.ts and decoder.worker.ts.

/** A picture to be searched. It is handed over, not copied. */
export interface Picture {
  readonly id: number;
  readonly picture: ImageBitmap;
}

/** The texts of all QR codes in the picture; null: the decoder did not start, and will not in this worker. */
export interface Reading {
  readonly id: number;
  readonly texts: readonly string[] | null;
}

// The messages between kdf.ts and kdf.worker.ts.

/** What scrypt is asked; `id` names the answer to it. */
export interface KdfQuestion {
  readonly id: number;
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly N: number;
}

/** `key` null: there was not enough memory. */
export interface KdfAnswer {
  readonly id: number;
  readonly key: Uint8Array | null;
}

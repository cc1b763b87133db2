import { scrypt as nobleScrypt } from "@noble/hashes/scrypt.js";
import { scrypt as wasmScrypt } from "hash-wasm";
import type { KdfAnswer, KdfQuestion } from "./kdf-messages.ts";

// scrypt off the main thread: a run takes a quarter of a second here and seconds on an old phone, and the screen must
// not freeze.

declare const self: DedicatedWorkerGlobalScope;

self.addEventListener("message", async ({ data: { id, password, salt, N } }: MessageEvent<KdfQuestion>) => {
  self.postMessage(await answer(id, { password, salt, N }));
});

async function answer(id: number, input: Omit<KdfQuestion, "id">): Promise<KdfAnswer> {
  try {
    return { id, key: await run(input) };
  } catch {
    return { id, key: null };
  }
}

// The engine is chosen before the run. A run that lacked memory must not be tried again in the slower one.
async function run({ password, salt, N }: Omit<KdfQuestion, "id">): Promise<Uint8Array> {
  if (!(await hasWasm())) return nobleScrypt(password, salt, { N, r: 8, p: 1, dkLen: 32 });
  const cost = { costFactor: N, blockSize: 8, parallelism: 1, hashLength: 32 };
  return wasmScrypt({ password, salt, ...cost, outputType: "binary" });
}

/** The empty module: where a policy or a lockdown mode forbids wasm, it forbids this one as well. */
const EMPTY_MODULE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

async function hasWasm(): Promise<boolean> {
  try {
    await WebAssembly.compile(EMPTY_MODULE);
    return true;
  } catch {
    return false;
  }
}

import type { Scrypt } from "@doorproof/verifier";
import type { KdfAnswer, KdfQuestion } from "./kdf-messages.ts";

/** scrypt in a worker, which is started for the first code and kept. */
export function openKdf(): Scrypt {
  let worker: Worker | null = null;
  let last = 0;
  const waiting = new Map<number, { resolve: (key: Uint8Array) => void; reject: (error: Error) => void }>();

  return (input) =>
    new Promise((resolve, reject) => {
      worker ??= start();
      last += 1;
      waiting.set(last, { resolve, reject });
      const question: KdfQuestion = { id: last, ...input };
      worker.postMessage(question);
    });

  function start(): Worker {
    const started = new Worker(new URL("./kdf.worker.ts", import.meta.url), { type: "module" });
    started.addEventListener("message", ({ data: { id, key } }: MessageEvent<KdfAnswer>) => {
      const run = waiting.get(id);
      waiting.delete(id);
      if (key === null) run?.reject(new Error("the KDF found no memory"));
      else run?.resolve(key);
    });
    // It did not load, or the phone ended it for its memory: pending calls fail, and the next code starts another one.
    started.addEventListener("error", () => {
      started.terminate();
      worker = null;
      for (const { reject } of waiting.values()) reject(new Error("the KDF's worker ended"));
      waiting.clear();
    });
    return started;
  }
}

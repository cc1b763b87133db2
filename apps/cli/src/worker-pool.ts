import { Worker } from "node:worker_threads";
import type { Asked, Judged, Manner } from "./batch.ts";

/** Judges on every core, a thread each. */
export interface Cores {
  judge(block: Uint8Array, now: number): Promise<Judged>;
  close(): Promise<void>;
}

/** What a thread is told at its start. */
export interface Setup {
  readonly asked: Asked;
  readonly manner: Manner;
}

/** A block of lines, to be judged as at this time. */
export interface Task {
  readonly block: Uint8Array;
  readonly now: number;
}

export function openCores(count: number, setup: Setup): Cores {
  const threads = Array.from({ length: count }, () => startThread(setup));
  let turn = 0;
  return {
    // In turn, for blocks of a file are of one size: no thread waits long for another.
    judge: (block, now) => (threads[turn++ % count] as Thread).judge({ block, now }),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

interface Thread {
  judge(task: Task): Promise<Judged>;
  close(): Promise<unknown>;
}

function startThread(setup: Setup): Thread {
  const worker = new Worker(new URL("./batch.worker.ts", import.meta.url), { workerData: setup });
  // A thread answers in the order in which it was asked.
  const waiting: PromiseWithResolvers<Judged>[] = [];
  const ended = new AbortController();
  worker.on("message", (judged: Judged) => waiting.shift()?.resolve(judged));
  worker.on("error", (error) => end(error));
  worker.on("exit", () => end(new Error("a thread ended")));
  return {
    judge: (task) => {
      const answer = Promise.withResolvers<Judged>();
      // One that died before it was asked would never answer.
      if (ended.signal.aborted) answer.reject(ended.signal.reason);
      else waiting.push(answer);
      worker.postMessage(task);
      return answer.promise;
    },
    close: () => worker.terminate(),
  };

  function end(reason: Error): void {
    ended.abort(reason);
    for (const { reject } of waiting.splice(0)) reject(reason);
  }
}

import { Worker } from "node:worker_threads";
import type { BatchResult, CriteriaData, OutputFormat } from "./batch.ts";

/** Verifies on every core, a thread each. */
export interface WorkerPool {
  verify(block: Uint8Array, now: number): Promise<BatchResult>;
  close(): Promise<void>;
}

/** What a thread is given at its start. */
export interface WorkerSetup {
  readonly criteria: CriteriaData;
  readonly format: OutputFormat;
}

/** A block of lines, to be verified as at this time. */
export interface Task {
  readonly block: Uint8Array;
  readonly now: number;
}

export function openWorkerPool(count: number, setup: WorkerSetup): WorkerPool {
  const threads = Array.from({ length: count }, () => startThread(setup));
  let turn = 0;
  return {
    // In turn, for blocks of a file are of one size: no thread waits long for another.
    verify: (block, now) => (threads[turn++ % count] as Thread).verify({ block, now }),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

// Promise.withResolvers is Node 22's.
interface Waiting {
  readonly resolve: (result: BatchResult) => void;
  readonly reject: (reason: unknown) => void;
}

interface Thread {
  verify(task: Task): Promise<BatchResult>;
  close(): Promise<unknown>;
}

function startThread(setup: WorkerSetup): Thread {
  const worker = new Worker(new URL(import.meta.resolve("#batch-worker")), { workerData: setup });
  // A thread answers in the order in which blocks came.
  const waiting: Waiting[] = [];
  const ended = new AbortController();
  worker.on("message", (result: BatchResult) => waiting.shift()?.resolve(result));
  worker.on("error", (error) => end(error));
  worker.on("exit", () => end(new Error("a thread ended")));
  return {
    verify: (task) => {
      // One that died before it was given one would never answer.
      if (ended.signal.aborted) return Promise.reject(ended.signal.reason);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage(task);
      });
    },
    close: () => worker.terminate(),
  };

  function end(reason: Error): void {
    ended.abort(reason);
    for (const { reject } of waiting.splice(0)) reject(reason);
  }
}

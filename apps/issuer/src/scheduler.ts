import type { FastifyBaseLogger } from "fastify";

/** Work that is repeated, one run at a time. */
export interface Worker {
  /** Starts no further run and waits for the present one. */
  stop(): Promise<void>;
}

/**
 * @param pause milliseconds from the end of a run to the next
 * @param work one run; a failure is logged, and the next run comes all the same
 */
export function startWorker(
  name: string,
  { pause, log, work }: { pause: number; log: FastifyBaseLogger; work: () => Promise<unknown> },
): Worker {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();

  const run = async () => {
    try {
      await work();
    } catch (error) {
      log.error({ err: error, worker: name }, "run failed");
    }
    if (!stopped) timer = setTimeout(start, pause);
  };
  const start = () => {
    current = run();
  };
  start();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}

import type { FastifyBaseLogger } from "fastify";

/** Work that is done again and again, one round at a time. */
export interface Worker {
  /** Begins no further round and waits for the one under way. */
  stop(): Promise<void>;
}

/**
 * @param pause milliseconds from the end of a round to the next
 * @param work a round; if it fails, that is logged and the next one comes all the same
 */
export function startWorker(
  name: string,
  { pause, log, work }: { pause: number; log: FastifyBaseLogger; work: () => Promise<unknown> },
): Worker {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();

  const round = async () => {
    try {
      await work();
    } catch (error) {
      log.error({ err: error, rounds: name }, "round failed");
    }
    if (!stopped) timer = setTimeout(start, pause);
  };
  const start = () => {
    current = round();
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

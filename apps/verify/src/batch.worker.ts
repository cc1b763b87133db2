import { parentPort, workerData } from "node:worker_threads";
import { openBatchVerifier, openCriteria } from "./batch.ts";
import { splitLines } from "./lines.ts";
import type { Task, WorkerSetup } from "./worker-pool.ts";

const { criteria, format } = workerData as WorkerSetup;
const verifyBatch = openBatchVerifier(openCriteria(criteria), format);

parentPort?.on("message", ({ block, now }: Task) => parentPort?.postMessage(verifyBatch(splitLines(block), now)));

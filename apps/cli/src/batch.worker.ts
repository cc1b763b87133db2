import { parentPort, workerData } from "node:worker_threads";
import { openAsked, openJudge } from "./batch.ts";
import { splitLines } from "./lines.ts";
import type { Setup, Task } from "./worker-pool.ts";

const { asked, manner } = workerData as Setup;
const judge = openJudge(openAsked(asked), manner);

parentPort?.on("message", ({ block, now }: Task) => parentPort?.postMessage(judge(splitLines(block), now)));

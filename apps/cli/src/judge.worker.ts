import { parentPort, workerData } from "node:worker_threads";
import type { Setup, Task } from "./cores.ts";
import { openAsked, openJudge } from "./judge.ts";
import { splitLines } from "./lines.ts";

const { asked, manner } = workerData as Setup;
const judge = openJudge(openAsked(asked), manner);

parentPort?.on("message", ({ block, now }: Task) => parentPort?.postMessage(judge(splitLines(block), now)));

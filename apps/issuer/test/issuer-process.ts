import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { COMPILE_CACHE } from "../../../tools/compile-cache.ts";
import { PATIENCE } from "../../../tools/patience.ts";

/** Started as a process of its own, as people start it. */
const MAIN = join(import.meta.dirname, "..", "src", "main.ts");

export interface Child {
  readonly process: ChildProcess;
  readonly said: { out: string; err: string };
  /** Exit code or signal. */
  readonly ended: Promise<number | string | null>;
}

/** A real process in a folder of its own, with no setting in its environment but these. */
export function start(cwd: string, environment: NodeJS.ProcessEnv): Child {
  const child = spawn(process.execPath, [MAIN], {
    cwd,
    env: { ...COMPILE_CACHE, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.err += chunk;
  });
  const ended = new Promise<number | string | null>((resolve) =>
    child.on("close", (code, signal) => resolve(code ?? signal)),
  );
  return { process: child, said, ended };
}

export async function aPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}

export function becomesReady(port: number): Promise<void> {
  return vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200), {
    timeout: PATIENCE,
    interval: 50,
  });
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Looks, one each 50 ms: two minutes at least, since a loaded machine is slow, and slow is no fault. */
export const PATIENCE = 2_400;
const MAIN = join(import.meta.dirname, "../../issuer/src/main.ts");

/** The issuer as a process of its own, on a free port of this machine. */
export interface RunningIssuer {
  readonly url: string;
  /** Where the messages are read: the link that the issuer printed. */
  outboxLink(): string;
  stop(): Promise<void>;
}

/**
 * @param node where Node lies
 * @param environment DATA_DIR and KEYS_DIR; PORT is chosen by {@link freePort}
 */
export async function startIssuer(node: string, environment: Readonly<Record<string, string>>): Promise<RunningIssuer> {
  const child = spawn(node, [MAIN], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const url = `http://localhost:${environment["PORT"]}`;
  const running: RunningIssuer = {
    url,
    outboxLink: () => /http\S+\/outbox\/\S+/.exec(said)?.[0] ?? "(the issuer printed none)",
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
  await waitUntilReady(url, child).catch(async (error: unknown) => {
    await running.stop();
    throw error;
  });
  return running;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

// The body is read, or each look would leave a connection open.
async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < PATIENCE; tries++) {
    if (child.exitCode !== null) throw new Error(`the issuer ended with ${child.exitCode} before it was ready`);
    const ready = await fetch(`${url}/readyz`).then(
      async (answer) => answer.arrayBuffer().then(() => answer.ok),
      () => false,
    );
    if (ready) return;
    await sleep(50);
  }
  throw new Error("the issuer is not ready after two minutes");
}

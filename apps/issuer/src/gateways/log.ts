import { type FileHandle, mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SmsGateway } from "../domain/messages/index.ts";

/** One message as written: NDJSON. */
export interface LoggedSms {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly to: string;
  readonly text: string;
}

export interface LogGateway extends SmsGateway {
  /** What each phone received, newest first; each message once, however often it was sent again. */
  read(): Promise<readonly LoggedSms[]>;
  /** Writes the file anew without these. What is sent in that very moment may be missing from it: it is a trial's. */
  forget(isForgotten: (message: LoggedSms) => boolean): Promise<void>;
}

/** Where a trial's messages lie. */
export function outboxOf(dataDir: string): string {
  return join(dataDir, "outbox.ndjson");
}

/**
 * "Sends" into a file: what each phone received, for trials. The file holds links and codes in the clear, as phones do,
 * so nobody else may read it.
 * @param now seconds since 1970
 */
export function logGateway(path: string, { now }: { now: () => number }): LogGateway {
  return {
    name: "log",
    outcome: "logged",
    async send({ id, to, text }) {
      await mkdir(dirname(path), { recursive: true });
      const line: LoggedSms = { id, at: new Date(now() * 1000).toISOString(), to, text };
      const file = await open(path, "a+", 0o600);
      try {
        // One write in append mode, so that lines of several processes never mix; durable before it counts as sent.
        await file.appendFile(`${(await endsInMidLine(file)) ? "\n" : ""}${JSON.stringify(line)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async forget(isForgotten) {
      const lines = (await readFile(path, "utf8").catch(missingIsEmpty)).split("\n").flatMap(readLine);
      const kept = lines.filter((line) => !isForgotten(line));
      if (kept.length === lines.length) return;
      await writeFile(`${path}.new`, kept.map((line) => `${JSON.stringify(line)}\n`).join(""), { mode: 0o600 });
      await rename(`${path}.new`, path);
    },
    async read() {
      const text = await readFile(path, "utf8").catch(missingIsEmpty);
      const lines = text.split("\n").flatMap(readLine);
      return [...new Map(lines.map((line) => [line.id, line])).values()].reverse();
    },
  };
}

// The last line is incomplete after a power cut. Without a line end before it, the next message could not be read
// either.
async function endsInMidLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return buffer[0] !== 0x0a;
}

function missingIsEmpty(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}

function readLine(line: string): LoggedSms[] {
  try {
    const { id, at, to, text }: Record<string, unknown> = JSON.parse(line);
    return [{ id: String(id), at: String(at), to: String(to), text: String(text) }];
  } catch {
    return [];
  }
}

import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, vi } from "vitest";
import { PATIENCE } from "../../../tools/patience.ts";

/** Another process that asks a keyring again and again while a test changes its folder. */
export interface KeysWatch {
  /** Waits until it has taken up the list of this version. */
  sees(version: number): Promise<void>;
  /** Ends it, and checks that whatever it read fitted together. @returns how often it asked, and the lists it saw */
  end(): Promise<{ readonly reads: number; readonly lists: readonly number[] }>;
}

/** @param how `running`: one issuer all the while; `anew`: one that is started again each time */
export function watchKeys(folder: string, { now, how }: { now: number; how: "running" | "anew" }): KeysWatch {
  const reader = spawn(process.execPath, [join(import.meta.dirname, "keys-reader.ts"), folder, `${now}`, how]);
  onTestFinished(() => void reader.kill("SIGKILL"));
  let out = "";
  reader.stdout.on("data", (chunk) => {
    out += chunk;
  });
  const ended = new Promise((resolve) => reader.on("close", resolve));
  const err = text(reader.stderr);
  const told = (word: string) => [...out.matchAll(new RegExp(`^${word} (\\d+)$`, "gm"))].map(([, n]) => Number(n));
  return {
    sees: (version) =>
      // One that ended on a fault is not waited for: `end` says what it was.
      vi.waitFor(() => expect(reader.exitCode !== null || told("list").includes(version)).toBe(true), {
        timeout: PATIENCE,
        interval: 20,
      }),
    end: async () => {
      reader.stdin.end();
      await ended;
      expect(await err).toBe("");
      return { reads: told("reads")[0] ?? 0, lists: told("list") };
    },
  };
}

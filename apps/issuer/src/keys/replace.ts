import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Names and contents, in the order in which they are to appear. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/**
 * Replaces published files: written beside, made durable, then renamed one by one, so that a reader finds the old file
 * or the new one, and never half of one.
 */
export function replaceFiles(folder: string, files: Files): void {
  for (const [name, data] of Object.entries(files)) {
    const file = openSync(beside(folder, name), "w", 0o644);
    try {
      writeFileSync(file, data);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
  for (const name of Object.keys(files)) renameSync(beside(folder, name), join(folder, name));
  makeDurable(folder);
}

/** A file or a folder: after this it outlives a power cut. */
export function makeDurable(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The processes of this machine, as the one file that knows our own sees them. */
export interface Processes {
  /** Our own number. */
  readonly own: number;
  /** True also of a process that belongs to another user. */
  isAlive(pid: number): boolean;
}

/**
 * One at a time: two rotations at once would sign two lists of one version, and each device would keep the one that it
 * saw first.
 * @param folder the private one
 * @throws {Error} another process is at work
 */
export async function exclusively<T>(folder: string, processes: Processes, work: () => Promise<T>): Promise<T> {
  const path = join(folder, "lock");
  const take = () => writeFileSync(path, `${processes.own}\n`, { flag: "wx", mode: 0o600 });
  try {
    take();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const owner = Number.parseInt(readFileSync(path, "utf8"), 10);
    if (ours.has(path) || isAtWork(owner, processes))
      throw new Error(`${path}: process ${owner} changes these keys just now; if it does not, remove the file`);
    // The lock of a process that was killed. What it did not finish is done again.
    rmSync(path);
    take();
  }
  ours.add(path);
  try {
    return await work();
  } finally {
    ours.delete(path);
    rmSync(path, { force: true });
  }
}

/** Locks that this very process holds. */
const ours = new Set<string>();

function beside(folder: string, name: string): string {
  return join(folder, `.${name}.new`);
}

// In a container every run may have the same process number: our own is a lock of an earlier run.
function isAtWork(pid: number, { own, isAlive }: Processes): boolean {
  return pid > 0 && pid !== own && isAlive(pid);
}

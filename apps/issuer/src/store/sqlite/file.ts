import { accessSync, chmodSync, closeSync, constants, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StorageError } from "../../domain/errors.ts";

/**
 * Sees to it that the database's files are there, can be written, and are closed to everybody but their owner. SQLite
 * gives a file that it makes the mode of the process, 0644 as a rule, and the two beside it the mode of the first: in a
 * folder that was there before, every user of the machine could read them.
 *
 * @throws {StorageError} `failed`: it cannot be written, and which file or folder is why
 */
export function prepareFile(path: string): void {
  const folder = dirname(path);
  attempt(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  // SQLite itself says "unable to open database file", and neither which nor why.
  attempt(folder, () => accessSync(folder, constants.W_OK | constants.X_OK));
  attempt(path, () => closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)));
  for (const file of [path, `${path}-wal`, `${path}-shm`])
    if (existsSync(file) && statSync(file).mode & 0o077) attempt(file, () => chmodSync(file, 0o600));
}

function attempt(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new StorageError("failed", `${path}: ${REASONS[code] ?? "it cannot be written"} (${code})`, { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "it belongs to another user, and others can read it: chmod 600 it as its owner",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is no folder",
  ENOENT: "no folder can be made there",
  EISDIR: "it is a folder",
};

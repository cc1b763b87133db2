import type { Processes } from "../src/keys/replace.ts";

/** The processes of this machine as they are, for verbs that change keys. All of them belong to whoever runs the tests. */
export const PROCESSES: Processes = {
  own: process.pid,
  isAlive(pid) {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  },
};

import { join } from "node:path";

/**
 * For the environment of a process that a test starts: Node keeps there what it made of our source, and the next process
 * starts in a quarter of the time. Only for tests: whoever may write into that folder may run code.
 */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(import.meta.dirname, "../node_modules/.cache/node") };

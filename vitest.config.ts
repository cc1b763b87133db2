import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // One more than the smallest machine has cores: browser tests wait more than they compute, and one worker alone takes over ten minutes.
    maxWorkers: 3,
    include: ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts", "tools/**/*.test.ts"],
    reporters: ["default", "./tools/tally.ts"],
    // Real parts are slow on a small machine: a browser unpacks itself, processes are killed and started again.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A run with a focused test would say "passed" of all the others.
    allowOnly: false,
  },
});

import { defineConfig } from "vitest/config";
import { COMPILE_CACHE } from "./tools/compile-cache.ts";
import { PATIENCE, WHOLE_TEST } from "./tools/patience.ts";

// The kind of a test file is in its name, and `check` holds each file to it: `x.test.ts` is a unit test, which starts no browser, no build, no
// process and no database; `x.system.test.ts` may; `x.long.test.ts` does not fit into a run before each commit.
const files = (kind: string) =>
  ["packages/*/test/**", "apps/*/test/**", "tools/**"].map((place) => `${place}/*${kind}`);

export default defineConfig({
  test: {
    // Twice the cores of the smallest machine: browser tests wait more than they compute.
    maxWorkers: 4,
    reporters: ["default", "./tools/tally.ts"],
    testTimeout: WHOLE_TEST,
    hookTimeout: WHOLE_TEST,
    // For the processes that tests start with the environment that they have themselves.
    env: COMPILE_CACHE,
    expect: { poll: { timeout: PATIENCE } },
    // A run with a focused test would say "passed" of all the others.
    allowOnly: false,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: files(".test.ts"),
          exclude: ["**/node_modules/**", ...files(".{system,long}.test.ts")],
        },
      },
      {
        extends: true,
        test: { name: "system", include: files(".system.test.ts"), globalSetup: "./tools/driver-build.ts" },
      },
      {
        extends: true,
        test: { name: "long", include: files(".long.test.ts"), globalSetup: "./tools/driver-build.ts" },
      },
    ],
  },
});

/**
 * Why a test may be skipped: the reasons that the run prints and that do not fail it, each with what the machine lacks.
 * A test names one by `context.skip(condition, reason)`. Every other skipped test fails the run, and in `.ci/run` these
 * do as well.
 */
export const SKIPS = {
  "no-openssl": "the pages' openssl commands cannot be run: install openssl",
} as const satisfies Readonly<Record<string, string>>;

export type SkipReason = keyof typeof SKIPS;

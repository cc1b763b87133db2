import type { Reporter, SerializedError, TestCase, TestModule, TestSpecification } from "vitest/node";
import { SKIPS } from "./skips.ts";

/**
 * Closes the run with one line that a script can read: `N passed, N failed`, and `, N skipped` only when there are any.
 * A skipped test fails the run unless its reason is known (`skips.ts`); with `SKIPS=fail` in the environment, as in
 * `.ci/run`, known reasons fail it too.
 */
export default class Tally implements Reporter {
  readonly #strict = process.env["SKIPS"] === "fail";
  #picked = false;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    // Whoever runs one test by its name or line leaves the others out on purpose.
    this.#picked = specifications.some(
      ({ project, testLines, testNamePattern, testIds }) =>
        (project.config.testNamePattern ?? testNamePattern ?? testLines ?? testIds) !== undefined,
    );
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const states = tests.map((test) => test.result().state);
    // What failed outside a test counts as well: a module that did not load, a hook, a promise nobody awaited.
    const outside = modules
      .flatMap((module) => [module, ...module.children.allSuites()])
      .filter((group) => group.errors().length > 0);
    const passed = states.filter((state) => state === "passed").length;
    const skipped = tests.filter((test) => test.result().state === "skipped");
    const refused = this.#judge(skipped);
    const failed = states.length - passed - skipped.length + outside.length + unhandled.length + refused;
    const left = skipped.length - refused;
    console.log(`${passed} passed, ${failed} failed${left > 0 ? `, ${left} skipped` : ""}`);
  }

  /** Prints each reason with its count. @returns how many skipped tests fail the run */
  #judge(skipped: readonly TestCase[]): number {
    if (this.#picked && !this.#strict) return 0;
    const counts = new Map<string, number>();
    for (const test of skipped) {
      const reason = noteOf(test);
      const known = Object.hasOwn(SKIPS, reason);
      const line = known
        ? `skipped: ${reason}: ${SKIPS[reason as keyof typeof SKIPS]}`
        : `skipped for no known reason: ${test.fullName} (${test.module.relativeModuleId})`;
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
    for (const [line, count] of counts) console.log(count === 1 ? line : `${line} (${count} tests)`);
    const refused = this.#strict ? skipped : skipped.filter((test) => !Object.hasOwn(SKIPS, noteOf(test)));
    if (refused.length > 0) process.exitCode = 1;
    return refused.length;
  }
}

function noteOf(test: TestCase): string {
  const result = test.result();
  return result.state === "skipped" ? (result.note ?? "") : "";
}

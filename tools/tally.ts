import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** Closes the run with one line that a script can read: `N passed, N failed`, and `, N skipped` only when there are any. */
export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    // What failed outside a test counts as well: a module that did not load, a hook, a promise nobody awaited.
    const outside = modules
      .flatMap((module) => [module, ...module.children.allSuites()])
      .filter((group) => group.errors().length > 0);
    const passed = states.filter((state) => state === "passed").length;
    const skipped = states.filter((state) => state === "skipped").length;
    const failed = states.length - passed - skipped + outside.length + unhandled.length;
    console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  }
}

import { EXIT, type ExitCode, explain } from "@doorproof/verify/verbs";
import { expect, it } from "vitest";
import { ISSUER_ERRORS, mendable } from "../src/mendable.ts";

const DOORPROOF = { words: [], program: "doorproof", errors: ISSUER_ERRORS };

it.each<[string, string, ExitCode]>([
  ["an environment that cannot be used", "ConfigError", EXIT.usage],
  ["a delivery that the issuer refuses", "IssueError", EXIT.refused],
  ["a database that is none", "SqliteError", EXIT.inputOutput],
])("%s", (_, name, code) => {
  expect(explain(Object.assign(new Error("told"), { name }), DOORPROOF).code).toBe(code);
});

it.each<[string, Error, ExitCode]>([
  ["what a person can mend", new Error("keys/private/root.pem can be read by others"), EXIT.inputOutput],
  ["a bug", new TypeError("x is not a function"), EXIT.bug],
])("of a verb that touches files: %s", async (_, thrown, code) => {
  const working = mendable(() => {
    throw thrown;
  });
  expect(explain(await working.catch((error: unknown) => error), DOORPROOF).code).toBe(code);
});

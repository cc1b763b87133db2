import { REFUSAL_CODES, Refusal, type RefusalCode, type RefusalFacts } from "@doorproof/voucher";
import { describe, expect, it } from "vitest";
import { EXIT, type ExitCode, exitOfRefusal, explain, Failure, mendable, worst } from "../src/exit.ts";

const UNDECIDED = ["unknown-key", "stale-keys", "stale-revocations", "clock-behind"];

it.each(REFUSAL_CODES)("%s: refused, unless it says that nobody can decide", (code) => {
  expect(exitOfRefusal(code)).toBe(UNDECIDED.includes(code) ? 3 : 1);
  const facts = { kid: "0a0b0c0d", step: "text" } as unknown as RefusalFacts[RefusalCode];
  expect(explain(new Refusal(code, facts)).code).toBe(exitOfRefusal(code));
});

describe("what was thrown", () => {
  const system = (code: string) => Object.assign(new Error(code), { code, syscall: "open", path: "keys/jwks.json" });
  const named = (name: string) => Object.assign(new Error("told"), { name });

  it.each<[string, unknown, ExitCode]>([
    ["a missing file", system("ENOENT"), EXIT.inputOutput],
    ["a file of somebody else", system("EACCES"), EXIT.inputOutput],
    ["an environment that cannot be used", named("ConfigError"), EXIT.usage],
    ["an order that the issuer refuses", named("IssueError"), EXIT.refused],
    ["a database that is none", named("SqliteError"), EXIT.inputOutput],
    ["a failure with a hint", new Failure("undecided", "no key", "make some"), EXIT.undecided],
    ["a bug", new TypeError("x is not a function"), EXIT.bug],
    ["a value that is no error", "oh", EXIT.bug],
  ])("%s", (_, thrown, code) => expect(explain(thrown).code).toBe(code));

  it("names the file and the expectation, not Node's code for it", () => {
    expect(explain(system("ENOENT")).message).toBe("keys/jwks.json: no such file or folder");
  });

  it("tells a bug in one sentence without a stack, and where to report it", () => {
    const { message, hint } = explain(new TypeError("x is not a function\n    at /home/somebody/main.ts:1"));
    expect(message).toBe("this is a bug: TypeError: x is not a function");
    expect(hint).toContain("report");
  });
});

it.each<[ExitCode[], ExitCode]>([
  [[0, 0], 0],
  [[0, 3, 0], 3],
  [[3, 1, 0], 1],
  [[1, 3], 1],
  [[0, 1, 3], 1],
])("of %j the worst is %i", (codes, expected) => {
  expect(codes.reduce<ExitCode>(worst, EXIT.done)).toBe(expected);
});

it.each<[string, Error, ExitCode]>([
  ["what a person can mend", new Error("keys/private/root.pem can be read by others"), EXIT.inputOutput],
  ["a bug", new TypeError("x is not a function"), EXIT.bug],
])("of a verb that touches files: %s", async (_, thrown, code) => {
  const working = mendable(() => {
    throw thrown;
  });
  expect(explain(await working.catch((error: unknown) => error)).code).toBe(code);
});

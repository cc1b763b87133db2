import { REFUSAL_CODES, Refusal, type RefusalCode, type RefusalFacts } from "@doorproof/voucher";
import { describe, expect, it } from "vitest";
import { EXIT, type ExitCode, exitOfRefusal, explain, Failure, worst } from "../src/exit.ts";

const DOORPROOF = {
  words: [],
  program: "doorproof",
  errors: { ConfigError: { code: EXIT.usage, about: "in the environment: " } },
} as const;
const UNDECIDED = ["unknown-key", "stale-keys", "stale-revocations", "clock-behind"];

it.each(REFUSAL_CODES)("%s: refused, unless it says that nobody can decide", (code) => {
  expect(exitOfRefusal(code)).toBe(UNDECIDED.includes(code) ? 3 : 1);
  const facts = { kid: "0a0b0c0d", step: "text" } as unknown as RefusalFacts[RefusalCode];
  expect(explain(new Refusal(code, facts), DOORPROOF).code).toBe(exitOfRefusal(code));
});

describe("what was thrown", () => {
  const system = (code: string) => Object.assign(new Error(code), { code, syscall: "open", path: "keys/jwks.json" });
  const named = (name: string) => Object.assign(new Error("told"), { name });

  it.each<[string, unknown, ExitCode]>([
    ["a missing file", system("ENOENT"), EXIT.inputOutput],
    ["a file of somebody else", system("EACCES"), EXIT.inputOutput],
    ["an error that the program knows by name", named("ConfigError"), EXIT.usage],
    ["an error that no program knows", named("SqliteError"), EXIT.bug],
    ["a failure with a hint", new Failure("undecided", "no key", "make some"), EXIT.undecided],
    ["a bug", new TypeError("x is not a function"), EXIT.bug],
    ["a value that is no error", "oh", EXIT.bug],
  ])("%s", (_, thrown, code) => expect(explain(thrown, DOORPROOF).code).toBe(code));

  it("names the file and the expectation, not Node's code for it", () => {
    expect(explain(system("ENOENT"), DOORPROOF).message).toBe("keys/jwks.json: no such file or folder");
  });

  it("says what a known error is about", () => {
    expect(explain(named("ConfigError"), DOORPROOF).message).toBe("in the environment: told");
  });

  it("tells a bug in one sentence without a stack, and where to report it", () => {
    const { message, hint } = explain(new TypeError("x is not a function\n    at /home/somebody/main.ts:1"), DOORPROOF);
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

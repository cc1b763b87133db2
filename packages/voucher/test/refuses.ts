import { expect } from "vitest";
import { REFUSAL_CODES, Refusal, type RefusalCode } from "../src/index.ts";

/** `code`, or `malformed: step`. */
export type Expected = RefusalCode | `malformed: ${string}`;

/** What was thrown, as a code; anything that is no Refusal fails the test, with what it was. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Refusal))
    expect.unreachable(`not a Refusal but ${error instanceof Error ? error.stack : String(error)}`);
  expect(REFUSAL_CODES).toContain(error.code);
  return Refusal.is(error, "malformed") ? `malformed: ${error.facts.step}` : error.code;
}

/** Runs what must refuse, and gives the Refusal back for its facts. Codes, never messages. */
export function expectRefusal(expected: Expected, run: () => unknown): Refusal {
  try {
    run();
  } catch (error) {
    expect(codeOf(error)).toBe(expected);
    return error as Refusal;
  }
  expect.unreachable(`accepted, where ${expected} was due`);
}

export async function expectRejection(expected: Expected, run: () => Promise<unknown>): Promise<Refusal> {
  const outcome = await run().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  return expectRefusal(expected, () => {
    if (outcome) throw outcome.error;
  });
}
